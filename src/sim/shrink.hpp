/// From a run that breaks a rule to the smallest one that still does: delta debugging over the
/// parts of its script.
#pragma once

#include <rubricon/sim/script.hpp>

#include <cstddef>
#include <functional>

namespace rubricon::sim {

struct Shrunk {
  Parts parts;           ///< of the script that was given
  std::size_t runs = 0;  ///< tried
};

/// Leaves out ever smaller pieces, the latest first, as long as `broken` says that what is left
/// still shows it. Asks at most `runs_max` times; the answer is then still broken, but perhaps not
/// the smallest. `script` itself is broken.
Shrunk shrink(const Script& script, const std::function<bool(const Script&)>& broken,
              std::size_t runs_max);

}  // namespace rubricon::sim
