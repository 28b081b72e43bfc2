/// Connection state recovery in memory: what a namespace sent lately and who was there.
///
/// It bridges short interruptions of one process, nothing more: everything is bounded, and what is
/// no longer here is not recovered. Applications that must not lose events replay from a store.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/socketio/outbound.hpp>
#include <rubricon/socketio/room_index.hpp>

#include <any>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rubricon::socketio {

struct RecoveryLimits {
  std::chrono::milliseconds disconnection_max{120'000};
  std::size_t packets_max = 10'000;
  std::size_t bytes_max = 16 << 20;
  std::size_t sessions_max = 10'000;
};

/// What is kept of a socket while it is away.
struct RecoverySession {
  std::string pid;  ///< secret; names the session
  std::string sid;  ///< the socket's id
  std::vector<std::string> rooms;
  std::any data;
};

/// Who a recorded event was for. No rooms: everybody.
struct Audience {
  std::vector<std::string> rooms;
  std::vector<std::string> except;
};

class RecoveryLog {
 public:
  explicit RecoveryLog(const RecoveryLimits& limits) : limits_(limits) {}

  /// The event as it is to be sent: with its offset, by which a client names it later.
  EncodedEvent record(const EncodedEvent& event, Audience audience, base::Instant now);

  void save(RecoverySession session, base::Instant now);

  struct Restored {
    RecoverySession session;
    std::vector<EncodedEvent> missed;  ///< in the order they were sent
  };
  /// Takes the session of `pid` out of the log, with what it missed after `offset`. Nothing when it
  /// is unknown, too old, or part of what it missed is no longer here. Both arguments come from a
  /// client.
  std::optional<Restored> restore(std::string_view pid, std::string_view offset, base::Instant now);

 private:
  struct Recorded {
    std::uint64_t offset;
    base::Instant at;
    EncodedEvent event;
    Audience audience;
    std::size_t bytes;
  };
  struct Saved {
    RecoverySession session;
    base::Instant at;
  };
  using Sessions = std::list<Saved>;

  void prune(base::Instant now);

  RecoveryLimits limits_;
  std::deque<Recorded> packets_;
  std::size_t bytes_ = 0;
  std::uint64_t last_offset_ = 0;
  Sessions sessions_;  ///< oldest first
  std::unordered_map<std::string, Sessions::iterator, NameHash, std::equal_to<>> by_pid_;
};

}  // namespace rubricon::socketio
