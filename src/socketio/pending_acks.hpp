/// Acknowledgements that a client owes, each with its deadline.
#pragma once

#include <rubricon/base/time.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace rubricon::socketio {

/// `Handler` is kept and given back, never called.
template <typename Handler>
class PendingAcks {
 public:
  /// `id` is higher than any before.
  void add(std::uint64_t id, base::Instant deadline, Handler handler) {
    entries_.push_back({id, deadline, std::move(handler)});
    earliest_ = std::min(earliest_, deadline);
  }

  /// Nothing for an id that is unknown or was taken before.
  std::optional<Handler> take(std::uint64_t id) {
    const auto entry = std::ranges::lower_bound(entries_, id, {}, &Entry::id);
    if (entry == entries_.end() || entry->id != id) return std::nullopt;
    Handler handler = std::move(entry->handler);
    entries_.erase(entry);
    update();
    return handler;
  }

  /// Those whose time is over, oldest first.
  std::vector<Handler> expire(base::Instant now) {
    std::vector<Handler> expired;
    if (earliest_ > now) return expired;
    std::erase_if(entries_, [&](Entry& entry) {
      if (entry.deadline > now) return false;
      expired.push_back(std::move(entry.handler));
      return true;
    });
    update();
    return expired;
  }

  /// All of them, oldest first.
  std::vector<Handler> take_all() { return expire(base::Instant::max()); }

  std::size_t size() const { return entries_.size(); }
  /// Of the earliest; the end of time when there is none.
  base::Instant deadline() const { return earliest_; }

 private:
  struct Entry {
    std::uint64_t id;
    base::Instant deadline;
    Handler handler;
  };

  void update() {
    earliest_ = base::Instant::max();
    for (const auto& entry : entries_) earliest_ = std::min(earliest_, entry.deadline);
  }

  std::vector<Entry> entries_;  ///< by id
  base::Instant earliest_ = base::Instant::max();
};

}  // namespace rubricon::socketio
