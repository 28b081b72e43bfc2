#include <rubricon/sim/shrink.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::sim {
namespace {

/// One pass over all parts, `size` of them at a time. True where something could be left out.
bool shrink_once(const Script& script, const std::function<bool(const Script&)>& broken,
                 std::size_t runs_max, std::size_t size, Shrunk& shrunk) {
  bool smaller = false;
  auto end = shrunk.parts.size();
  while (end > 0 && shrunk.runs < runs_max) {
    const auto begin = end - std::min(size, end);
    auto parts = shrunk.parts;
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(begin),
                parts.begin() + static_cast<std::ptrdiff_t>(end));
    parts = without_orphans(script, parts);
    ++shrunk.runs;
    if (broken(only(script, parts))) {
      shrunk.parts = std::move(parts);
      smaller = true;
    }
    end = std::min(begin, shrunk.parts.size());
  }
  return smaller;
}

}  // namespace

Shrunk shrink(const Script& script, const std::function<bool(const Script&)>& broken,
              std::size_t runs_max) {
  Shrunk shrunk{.parts = all_parts(script)};
  auto size = std::max<std::size_t>(shrunk.parts.size() / 2, 1);
  while (shrunk.runs < runs_max && !shrunk.parts.empty()) {
    const bool smaller = shrink_once(script, broken, runs_max, size, shrunk);
    if (size == 1 && !smaller) break;
    size = std::max<std::size_t>(size / 2, 1);
  }
  return shrunk;
}

}  // namespace rubricon::sim
