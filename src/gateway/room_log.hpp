/// Where a room stands in its stream: which event is next, what came too early, and what has to be
/// read from the log because it did not come at all. The broker may lose, repeat and reorder; out
/// of here every event comes once and in order. Pure: the caller owns the timer and
/// the store.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/domain/event.hpp>
#include <rubricon/ports/event_store.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace rubricon::gateway {

using EventPtr = std::shared_ptr<const domain::Event>;

struct RoomLogOptions {
  /// How long a hole may fill itself (two relays, crossing) before the log is read.
  base::Milliseconds hole_wait{20};
  /// Between two reads of a log that fails or is behind, doubling.
  base::Milliseconds retry_min{50};
  base::Milliseconds retry_max{5'000};
  /// Early events kept; what is beyond is dropped here and read from the log later.
  std::size_t aside_events_max = 256;
  std::size_t aside_bytes_max = 1024 * 1024;
};

/// What the caller must do after an input, in this order.
struct LogActions {
  /// The stream began anew (the database was restored), or what comes next was taken out of the
  /// store: whoever follows it must start over, with a new RoomLog. This one answers nothing any
  /// more.
  bool restarted = false;
  std::vector<EventPtr> deliver;  ///< in order, each exactly once
  /// Start the one timer; call `waited()` when it fires. Never set while it runs.
  std::optional<base::Milliseconds> wait;
  /// Read the log after this seq; call `read()` or `read_failed()`. Never set while a read runs.
  std::optional<domain::Seq> read_after;

  bool operator==(const LogActions&) const = default;
};

struct RoomLogStats {
  std::uint64_t duplicates = 0;     ///< events from the broker that were delivered before
  std::uint64_t holes = 0;          ///< times that something was missing
  std::uint64_t filled = 0;         ///< events that came from the log instead of the broker
  std::uint64_t aside_dropped = 0;  ///< early events beyond the bound
  std::uint64_t behind = 0;         ///< head checks that found something missing

  bool operator==(const RoomLogStats&) const = default;
};

/// Never skips: while something is missing it waits and reads, however long that takes.
class RoomLog {
 public:
  explicit RoomLog(RoomLogOptions options = {}) : options_(options) {}

  /// Sets the head; what arrived before is kept and delivered if it comes after. Only when
  /// unopened.
  LogActions open(domain::Position head);
  bool opened() const { return head_.epoch.value() != 0; }
  bool over() const { return over_; }

  /// From the broker: any order, any number of times.
  LogActions arrived(EventPtr event);
  /// From the log, read by somebody else for a purpose of their own.
  LogActions learned(const EventPtr& event);
  LogActions waited();
  LogActions read(const ports::EventPage& page);
  LogActions read_failed();
  /// Where the store says that the stream stands.
  LogActions checked(domain::Position head);

  /// The last event delivered.
  domain::Position head() const { return head_; }
  /// The highest seq known to exist.
  domain::Seq newest_known() const { return target_; }
  /// True while events are known to exist that have not been delivered.
  bool behind() const { return target_ > head_.seq; }
  const RoomLogStats& stats() const { return stats_; }

 private:
  enum class Phase { idle, waiting, reading };

  void take(EventPtr event, LogActions& out);
  void keep_aside(EventPtr event);
  void drain_aside(LogActions& out);
  LogActions end();
  LogActions& settle(LogActions& out, base::Milliseconds wait);
  base::Milliseconds next_retry();

  RoomLogOptions options_;
  domain::Position head_;  ///< epoch 0 while unopened
  domain::Seq target_;     ///< the highest seq known to exist
  std::map<domain::Seq, EventPtr> aside_;
  std::size_t aside_bytes_ = 0;
  Phase phase_ = Phase::idle;
  bool over_ = false;
  base::Milliseconds retry_{0};
  RoomLogStats stats_;
};

}  // namespace rubricon::gateway
