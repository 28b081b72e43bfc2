/// A table as one transaction sees it: what is committed, and over it what the transaction itself
/// has changed, which nobody else sees until it is applied.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace rubricon::memory {

/// A pointer to a row is good until that row is changed, or the caller waits for anything.
template <typename Key, typename Row>
class TableView {
 public:
  explicit TableView(std::map<Key, Row>& committed) : committed_(committed) {}

  const Row* find(const Key& key) const {
    if (const auto own = changes_.find(key); own != changes_.end()) {
      return own->second ? &*own->second : nullptr;
    }
    const auto row = committed_.find(key);
    return row == committed_.end() ? nullptr : &row->second;
  }

  /// Rows with first <= key <= last, in order.
  std::vector<const Row*> range(const Key& first, const Key& last) const {
    return merge(committed_.lower_bound(first), committed_.upper_bound(last),
                 changes_.lower_bound(first), changes_.upper_bound(last));
  }

  std::vector<const Row*> all() const {
    return merge(committed_.begin(), committed_.end(), changes_.begin(), changes_.end());
  }

  void put(Key key, Row row) { changes_.insert_or_assign(std::move(key), std::move(row)); }
  void erase(Key key) { changes_.insert_or_assign(std::move(key), std::nullopt); }

  /// Makes the changes everybody's.
  void apply() {
    for (auto& [key, row] : changes_) {
      if (row) {
        committed_.insert_or_assign(key, std::move(*row));
      } else {
        committed_.erase(key);
      }
    }
    changes_.clear();
  }

 private:
  using Change = typename std::map<Key, std::optional<Row>>::const_iterator;
  using Committed = typename std::map<Key, Row>::const_iterator;

  static std::vector<const Row*> merge(Committed row, Committed rows_end, Change change,
                                       Change changes_end) {
    std::vector<const Row*> rows;
    while (row != rows_end || change != changes_end) {
      if (change == changes_end || (row != rows_end && row->first < change->first)) {
        rows.push_back(&row->second);
        ++row;
        continue;
      }
      if (row != rows_end && row->first == change->first) ++row;
      if (change->second) rows.push_back(&*change->second);
      ++change;
    }
    return rows;
  }

  std::map<Key, Row>& committed_;
  std::map<Key, std::optional<Row>> changes_;
};

}  // namespace rubricon::memory
