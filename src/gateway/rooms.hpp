/// All rooms with somebody in them: performs what the pure `Room`s ask for, against store, timers
/// and sockets.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/gateway/clients.hpp>
#include <rubricon/gateway/meters.hpp>
#include <rubricon/gateway/options.hpp>
#include <rubricon/gateway/services.hpp>
#include <rubricon/gateway/store_reads.hpp>
#include <rubricon/socketio_server/namespace.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace rubricon::gateway {

/// One shard. `tasks` is stopped before the Rooms are destroyed.
class Rooms {
 public:
  /// What others want to know of chats' rooms. Called in the middle of things: only to be noted.
  struct Hooks {
    std::function<void(const ClientPtr&, domain::ChatId)> went_live;
    /// Also for those who never went live.
    std::function<void(const ClientPtr&, domain::ChatId)> left;
    /// Every event of every room, once, in order.
    std::function<void(const EventPtr&)> delivered;
  };

  Rooms(base::TaskGroup& tasks, StoreReads& reads, socketio_server::Namespace& nsp,
        Clients& clients, const RecoverySeal& seal, const Services& services, Meters& meters,
        const Options& options);

  void set_hooks(Hooks hooks) { hooks_ = std::move(hooks); }

  /// Joins, or joins anew from another position. `ack` gets the answer, as soon as there is one;
  /// `conflict` where another join or a leave comes first. A user's room is entered without asking;
  /// without `ack` the join is repeated until it succeeds.
  void join(const ClientPtr& client, domain::StreamId stream, JoinFrom from,
            socketio_server::Ack ack);
  /// Joins for a client that was told that it is recovered: it gets what comes after `place`, or is
  /// closed (`not_recovered`).
  void recover(const ClientPtr& client, const ChatPlace& place);
  void leave(const ClientPtr& client, domain::StreamId stream);
  void leave_all(const ClientPtr& client);
  /// From the broker. Events of streams without a room are nobody's business here.
  void arrived(const EventPtr& event);
  /// Asks the store for the heads of all rooms and repairs those that are behind. Throws what the
  /// store throws.
  base::Task<void> check_heads();

  bool live(const Client& client, domain::StreamId stream) const;
  /// Heads of the chats that the client is live in.
  std::map<domain::ChatId, domain::Seq> heads_of(const Client& client) const;
  std::size_t size() const { return rooms_.size(); }

 private:
  struct Entry {
    Entry(const RoomOptions& options, domain::StreamId stream, std::uint64_t number)
        : room(options),
          name(stream.to_string()),
          elsewhere(elsewhere_too(stream)),
          generation(number) {}
    Room room;
    std::string name;       ///< of the Socket.IO room of those who are live
    std::string elsewhere;  ///< of the room of those among them who are in other chats, too
    std::uint64_t generation;
    RoomLogStats counted;
    std::optional<base::Instant> behind_since;
  };
  enum class Purpose { join, recover };
  /// One stay of one socket in one room.
  struct Stay {
    ClientPtr client;
    domain::StreamId stream;
    JoinFrom from;
    socketio_server::Ack ack;
    Purpose purpose = Purpose::join;
    bool joined = false;
    bool live = false;
    std::optional<ReadTicket> question;  ///< to the store, whether it may be here
  };

  /// Where replays begin that one read of the log is enough for.
  struct ReplayPlace {
    domain::StreamId stream;
    domain::Seq after;
    auto operator<=>(const ReplayPlace&) const = default;
  };
  struct Replaying {
    ClientPtr client;
    SubscriberId who;
  };

  static std::string elsewhere_too(domain::StreamId stream);

  void begin(const ClientPtr& client, domain::StreamId stream, JoinFrom from,
             socketio_server::Ack ack, Purpose purpose);
  Entry& entry(domain::StreamId stream);
  void perform(domain::StreamId stream, RoomActions actions);
  void act(domain::StreamId stream, Authorise& action);
  void act(domain::StreamId stream, ReadReplay& action);
  void act(domain::StreamId stream, Joined& action);
  void act(domain::StreamId stream, GoLive& action);
  void act(domain::StreamId stream, Refuse& action);
  void act(domain::StreamId stream, SendTo& action);
  void act(domain::StreamId stream, Broadcast& action);
  void act(domain::StreamId stream, Evict& action);
  void act(domain::StreamId stream, Wait& action);
  void act(domain::StreamId stream, ReadHole& action);
  void act(domain::StreamId stream, Restart& action);
  /// There is a place: `server_options` allows as many rooms as the gateway's own limit may need.
  static void enter(socketio_server::Socket& socket, const std::string& room);
  ClientPtr end_stay(SubscriberId who);
  /// The acknowledgement of the stay that has ended; answers nothing where there was none.
  socketio_server::Ack leave_silently(const ClientPtr& client, domain::StreamId stream);
  void count(Entry& room);

  // Which clients can be recovered: those in one chat, whose events then end with their place.
  void chat_joined(Stay& stay);
  void chat_left(const Stay& stay);
  /// That of its only chat, or none: what the client knew of one is over.
  void send_place(const Client& client, std::optional<domain::Position> position);
  void send_missed(const Client& client, domain::StreamId stream, const Joined& joined);

  base::Task<void> authorise(domain::StreamId stream, SubscriberId who, domain::UserId user,
                             base::Deadline deadline);
  base::Task<void> find_user_heads();
  using UserJoins = std::vector<std::pair<domain::StreamId, SubscriberId>>;
  base::Task<void> ask_user_heads(UserJoins asked, base::Deadline deadline);
  void start_replay(const ClientPtr& client);
  void begin_replay(const ClientPtr& client);
  base::Task<void> replay_when_drained(ClientPtr client);
  base::Task<void> gather_replays(ReplayPlace place);
  base::Task<void> read_replays(ReplayPlace place);
  void end_replay(const ClientPtr& client);
  std::optional<domain::Seq> newest_known(const domain::StreamId& stream) const;
  base::Task<void> read_hole(domain::StreamId stream, std::uint64_t generation, domain::Seq after);
  base::Task<void> wait(domain::StreamId stream, std::uint64_t generation, base::Milliseconds time);
  base::Task<void> join_again_later(ClientPtr client, domain::StreamId stream, JoinFrom from,
                                    Purpose purpose);
  void authorised(domain::StreamId stream, SubscriberId who,
                  const base::Result<domain::Position>& head);
  base::Error store_failed(const std::exception& fault);
  /// What those are told whose question the queue has no place for.
  base::Error too_many_wait();

  enum class WithPlace { no, yes };
  const socketio_server::EncodedEvent& encoded(const EventPtr& event, WithPlace with_place);
  WithPlace place_for(const Client& client, domain::StreamId stream) const;
  base::Deadline deadline() const;

  base::TaskGroup& tasks_;
  StoreReads& reads_;
  socketio_server::Namespace& nsp_;
  Clients& clients_;
  const RecoverySeal& seal_;
  Services services_;
  Meters& meters_;
  const Options& options_;
  Hooks hooks_;
  std::unordered_map<domain::StreamId, Entry> rooms_;
  std::unordered_map<SubscriberId, Stay> stays_;
  /// Users' rooms that were just entered; asked about together.
  UserJoins user_joins_;
  /// Replays whose read has not begun: who comes with the same place until then shares it.
  std::map<ReplayPlace, std::vector<Replaying>> gathered_replays_;
  std::uint64_t last_subscriber_ = 0;
  std::uint64_t last_generation_ = 0;
  /// The event sent last, as bytes: usually the next one asked for too.
  EventPtr encoded_event_;
  std::optional<socketio_server::EncodedEvent> encoded_plain_;
  std::optional<socketio_server::EncodedEvent> encoded_with_place_;
};

}  // namespace rubricon::gateway
