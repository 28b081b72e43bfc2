/// Many deadlines behind one timer: a heap of instants with whom they concern.
#pragma once

#include <rubricon/base/time.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace rubricon::socketio_server {

/// Entries are never removed before their time: whoever moves its deadline pushes another entry and
/// ignores the old one when it comes.
template <typename T>
class DeadlineQueue {
 public:
  struct Entry {
    base::Instant at;
    T item;
  };

  void push(base::Instant at, T item) {
    heap_.push_back({at, std::move(item)});
    std::ranges::push_heap(heap_, later);
  }

  /// The earliest entry, if its time has come.
  std::optional<Entry> pop(base::Instant now) {
    if (heap_.empty() || heap_.front().at > now) return std::nullopt;
    std::ranges::pop_heap(heap_, later);
    Entry entry = std::move(heap_.back());
    heap_.pop_back();
    return entry;
  }

  /// The end of time when empty.
  base::Instant next() const { return heap_.empty() ? base::Instant::max() : heap_.front().at; }
  std::size_t size() const { return heap_.size(); }

 private:
  static bool later(const Entry& a, const Entry& b) { return a.at > b.at; }

  std::vector<Entry> heap_;
};

}  // namespace rubricon::socketio_server
