/// Where a message came from, as `source` in its `meta` says.
#pragma once

#include <string_view>

namespace rubricon::domain {

/// Of what an import took over from an older system: nobody was asked by it. Written into the log,
/// so it never changes. Answers of our own name `rules` or a model.
inline constexpr std::string_view imported_source = "import";

}  // namespace rubricon::domain
