/// Telling a cancelled wait from a failure, for loops that go on after anything else.
#pragma once

#include <exception>

namespace rubricon::base {

/// True for what a coroutine throws when it is cancelled: it must be let through.
bool is_cancellation(const std::exception& error) noexcept;

}  // namespace rubricon::base
