/// Assertions that stay on in release: a broken invariant stops the process with its text, because
/// a server that goes on with wrong state loses data. For bugs only; expected outcomes are
/// `Result`.
#pragma once

namespace rubricon::base {

/// Prints the failed condition with its place to stderr and aborts. Never returns.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace rubricon::base

#define RUBRICON_ASSERT(condition)    \
  ((condition) ? static_cast<void>(0) \
               : ::rubricon::base::assertion_failed(#condition, __FILE__, __LINE__))
