/// The machine's clocks.
#pragma once

#include <rubricon/ports/clock.hpp>

namespace rubricon::crypto {

class SystemClock final : public ports::Clock {
 public:
  base::Time now() const override;
  base::Instant monotonic() const override;
};

}  // namespace rubricon::crypto
