/// How loudly a loop that goes on says why it failed.
#pragma once

#include <rubricon/base/cancellation.hpp>
#include <rubricon/base/fault.hpp>
#include <rubricon/observability/log.hpp>

#include <exception>

namespace rubricon::observability {

/// Warning for a fault of the world (base::Unavailable), which passes; debug for being stopped,
/// which is no failure; error for anything else: a mistake of ours, which somebody must mend.
inline Level fault_level(const std::exception& error) {
  if (dynamic_cast<const base::Unavailable*>(&error)) return Level::warning;
  return base::is_cancellation(error) ? Level::debug : Level::error;
}

}  // namespace rubricon::observability
