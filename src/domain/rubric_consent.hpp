/// What the AI may do to a rubric without asking: nothing to what a person locked, and nothing to
/// what a person typed. Pure; both documents keep the invariants of rubric.hpp.
#pragma once

#include <rubricon/domain/rubric.hpp>

#include <cstddef>

namespace rubricon::domain {

struct LockedKept {
  Rubric rubric;         ///< `after`, with all that is locked as it was before
  std::size_t kept = 0;  ///< places that `after` would have changed or left out
};

/// Locked criteria keep name, focus, weight and cells, locked cells their whole content, and both
/// their lock; where `after` has left them or their level out they come back to their place, and
/// weights sum to 100 again. A document for which there is no room for all of that, or no weight,
/// is refused whole: `rubric` is `before` then.
LockedKept keep_locked(const Rubric& before, Rubric after);

/// How many cells that a person typed have other words in `after`, or are no more. Words that are a
/// person's there, too, count as theirs: somebody dictated them.
std::size_t typed_cells_changed(const Rubric& before, const Rubric& after);

}  // namespace rubricon::domain
