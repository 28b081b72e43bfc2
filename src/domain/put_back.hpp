/// Keeps in a list what somebody who rewrote it had no right to leave out.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace rubricon::domain {

/// Puts each of `left_out` (ids of `before`), in the order of `before`, behind the nearest item
/// that stood above it; first where there is none.
template <typename Item>
void put_back(std::vector<Item>& items, const std::vector<Item>& before,
              const std::set<std::string>& left_out) {
  auto place = items.begin();
  for (const auto& item : before) {
    const auto found = std::ranges::find(items, item.id, &Item::id);
    if (found != items.end()) {
      place = found + 1;
    } else if (left_out.contains(item.id)) {
      place = items.insert(place, item) + 1;
    }
  }
}

}  // namespace rubricon::domain
