/// The machine's clocks.
#pragma once

#include <rubricon/ports/clock.hpp>

#include <string>

namespace rubricon::crypto {

class SystemClock final : public ports::Clock {
 public:
  base::Time now() const override;
  base::Instant monotonic() const override;
};

#ifdef RUBRICON_FAILPOINTS
/// From now on every clock's `now` is wrong by as many milliseconds as `file` says; an empty name
/// makes it right again. Called before other threads run.
void follow_clock_error(const std::string& file);
#endif

}  // namespace rubricon::crypto
