/// One room: a RoomLog and those who follow it. Joins without a race: while somebody
/// is being authorised and what they missed is being read, live events wait for them; then they get
/// all of it in order, each event once, and go live. Pure: the caller asks the store, owns the
/// timer and the sockets.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/gateway/room_log.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <variant>
#include <vector>

namespace rubricon::gateway {

/// One stay of one socket in one room; the caller numbers them and never reuses a number.
using SubscriberId = base::Number<struct SubscriberTag, std::uint64_t>;

/// What the client has seen already. Without `after` it wants only what comes.
struct JoinFrom {
  std::optional<domain::Epoch> epoch;
  std::optional<domain::Seq> after;
};

struct RoomOptions {
  RoomLogOptions log;
  /// More missed events, or bytes of their data, than this: the client reads everything anew.
  std::size_t replay_events_max = 500;
  std::size_t replay_bytes_max = 1024 * 1024;
  /// Live events that wait for one joiner; beyond it its join begins again.
  std::size_t waiting_events_max = 500;
  std::size_t waiting_bytes_max = 1024 * 1024;
  int restarts_max = 3;
};

// What the caller must do, in order.

/// Ask the store whether the subscriber may be here, and where the stream stands; answer by
/// `authorised()` or `refused()`.
struct Authorise {
  SubscriberId who;
};
/// Read the log after `after` for one joiner; answer by `replay_read()` or `refused()`.
struct ReadReplay {
  SubscriberId who;
  domain::Seq after;
};
enum class Resync { no, yes };
/// The join succeeded: acknowledge it with `head`, then send `missed`. What follows the ack begins
/// after the client's `after`; where it gave none, or must read everything anew (`resync`), after
/// `head`.
struct Joined {
  SubscriberId who;
  domain::Position head;
  Resync resync = Resync::no;
  std::vector<EventPtr> missed;
};
/// From now on Broadcast reaches it too.
struct GoLive {
  SubscriberId who;
};
/// The join failed and the subscriber is forgotten.
struct Refuse {
  SubscriberId who;
  base::Error error;
};
struct SendTo {
  SubscriberId who;
  EventPtr event;
};
/// To everybody who is live.
struct Broadcast {
  EventPtr event;
};
/// The subscriber may not be here any longer and is forgotten.
struct Evict {
  SubscriberId who;
};
/// Start the room's one timer; call `waited()` when it fires.
struct Wait {
  base::Milliseconds time;
};
/// Read the log after `after` for the room; call `hole_read()` or `hole_failed()`.
struct ReadHole {
  domain::Seq after;
};
/// Everybody must start over (connections end, clients rejoin) and the room be made anew.
struct Restart {
  std::vector<SubscriberId> all;
};

using RoomAction = std::variant<Authorise, ReadReplay, Joined, GoLive, Refuse, SendTo, Broadcast,
                                Evict, Wait, ReadHole, Restart>;
using RoomActions = std::vector<RoomAction>;

class Room {
 public:
  explicit Room(RoomOptions options = {}) : options_(options), log_(options.log) {}

  RoomActions join(SubscriberId who, domain::UserId user, JoinFrom from);
  RoomActions authorised(SubscriberId who, domain::Position head);
  RoomActions replay_read(SubscriberId who, const ports::EventPage& page);
  RoomActions refused(SubscriberId who, base::Error error);
  /// Whatever state it is in; answers that are still to come for it are ignored.
  RoomActions leave(SubscriberId who);

  RoomActions arrived(EventPtr event);
  RoomActions waited();
  RoomActions hole_read(const ports::EventPage& page);
  RoomActions hole_failed();
  RoomActions checked(domain::Position head);

  bool empty() const { return joiners_.empty() && live_.empty(); }
  /// Head of the room; epoch 0 while nobody has been let in.
  domain::Position head() const { return log_.head(); }
  /// The highest seq known to exist.
  domain::Seq newest_known() const { return log_.newest_known(); }
  /// True while events are known to exist that the room has not delivered.
  bool behind() const { return log_.behind(); }
  const RoomLogStats& stats() const { return log_.stats(); }

 private:
  enum class Stage {
    authorising,
    reading,
    ahead,  ///< has everything up to `cursor`, which the room has not reached yet
  };
  struct Joiner {
    domain::UserId user;
    JoinFrom from;
    Stage stage = Stage::authorising;
    domain::Position authorised_at{};
    domain::Seq cursor{};             ///< the last event it has, or will have with `missed`
    std::vector<EventPtr> missed{};   ///< read for it
    std::vector<EventPtr> waiting{};  ///< delivered to the room meanwhile
    std::size_t waiting_bytes = 0;
    bool overflowed = false;  ///< `waiting` is not all of them
    int restarts = 0;
  };
  using Joiners = std::map<SubscriberId, Joiner>;

  void perform(LogActions log, RoomActions& out);
  void deliver(const EventPtr& event, RoomActions& out);
  void finish(SubscriberId who, Resync resync, RoomActions& out);
  void keep_waiting(Joiner& joiner, const EventPtr& event) const;
  bool take_waiting(Joiner& joiner) const;
  void begin_again(Joiners::iterator joiner, RoomActions& out);
  Joiner* find(SubscriberId who, Stage stage);

  RoomOptions options_;
  RoomLog log_;
  /// Few at a time; every event looks at each of them.
  Joiners joiners_;
  /// Everybody here has exactly what the room has delivered.
  std::unordered_map<SubscriberId, domain::UserId> live_;
};

/// Whom an event takes the room away from: a removed member, or everybody when a chat is deleted.
struct ShutOut {
  enum class Whom { nobody, one, everybody };
  Whom whom = Whom::nobody;
  domain::UserId user;

  bool concerns(domain::UserId who) const {
    return whom == Whom::everybody || (whom == Whom::one && user == who);
  }
};
ShutOut shut_out(const domain::Event& event);

}  // namespace rubricon::gateway
