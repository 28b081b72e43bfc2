/// The log: every event of every stream, for replay to clients and for the record.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/event.hpp>

#include <optional>
#include <vector>

namespace rubricon::ports {

/// Events on a page at most.
inline constexpr std::size_t event_page_max = 500;

struct EventQuery {
  domain::StreamId stream;
  domain::Seq after;
  std::size_t limit = event_page_max;  ///< events, 1..event_page_max
  std::size_t bytes_max =
      1024 * 1024;  ///< sum of `data`; the first event is returned whatever its size
  /// A copy of the store that has the stream up to here will do; without, it is read as of now.
  std::optional<domain::Seq> min_seq{};
};

struct EventPage {
  domain::Position head;              ///< of the stream, in the same snapshot; epoch 0 if unknown
  std::vector<domain::Event> events;  ///< after+1, after+2, … without gaps; may stop before head
  /// Whoever stands at `after` must read the stream's subject anew: what follows was taken out of
  /// the store, and `events` is empty.
  bool gone = false;
};

/// Does not authorise: callers have checked membership.
/// Faults: throws base::Unavailable when the store cannot answer before `deadline`.
class EventStore {
 public:
  virtual ~EventStore() = default;

  virtual base::Task<EventPage> read(EventQuery query, base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
