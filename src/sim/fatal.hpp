/// The simulation itself is wrong, or the system broke a rule that no history can show: say so and
/// end, so that nobody takes it for a clean run.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

namespace rubricon::sim {

[[noreturn]] inline void fatal(std::string_view why) {
  std::fflush(stdout);
  std::fprintf(stderr, "the simulation cannot go on: %.*s\n", static_cast<int>(why.size()),
               why.data());
  std::abort();
}

/// For task groups: nothing may be thrown out of them.
[[noreturn]] inline void fatal_error(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& known) {
    fatal(known.what());
  } catch (...) {
    fatal("an unknown exception");
  }
}

}  // namespace rubricon::sim
