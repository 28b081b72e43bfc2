/// Who is connected: each socket's identity, by user, by address and by session.
#pragma once

#include <rubricon/domain/user.hpp>
#include <rubricon/gateway/meters.hpp>
#include <rubricon/gateway/options.hpp>
#include <rubricon/gateway/recovery_seal.hpp>
#include <rubricon/gateway/room.hpp>
#include <rubricon/gateway/token_bucket.hpp>
#include <rubricon/socketio_server/namespace.hpp>

#include <boost/container/flat_map.hpp>
#include <boost/container/flat_set.hpp>

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rubricon::gateway {

/// A join that waits for its turn to be read from the log.
struct Replay {
  domain::StreamId stream;
  SubscriberId who;
  domain::Seq after;
};

/// One socket, from its admission on.
struct Client {
  Client(domain::Identity who, std::string access_token, std::string from, const Limits& limits,
         base::Instant now)
      : identity(who),
        token(std::move(access_token)),
        network(std::move(from)),
        events(limits.events_per_second, limits.events_burst, now),
        patience(limits.events_per_second, limits.events_burst, now) {}

  std::weak_ptr<socketio_server::Socket> socket;
  std::string id;  ///< the socket's, public; also its connection's name in Presence
  domain::Identity identity;
  std::string token;       ///< empty where nobody forwards it
  std::string network;     ///< what its address counts as for limits
  std::uint64_t slot = 0;  ///< its number among all ever; spreads work on everybody over time
  TokenBucket events;
  TokenBucket patience;  ///< with events beyond the rate
  std::size_t submits = 0;
  std::list<Replay> replays;  ///< joins whose missed events are still to be read, in turn
  bool replaying = false;     ///< one of them is being read
  /// When the socket's queue was found too long, first and last in this episode.
  base::Instant slow_since{};
  base::Instant slow_last{};
  // Few each, and there are many clients: sorted arrays are a third of hash tables.
  boost::container::flat_map<domain::StreamId, SubscriberId> stays;
  /// Rooms that are entered again after a pause, because the store was away; each keeps its place
  /// among the stays. Whoever leaves or joins meanwhile ends that.
  boost::container::flat_set<domain::StreamId> retries;
  std::size_t chats_joined = 0;  ///< stays in chats whose join has succeeded
  /// The one chat it is in: events of it end with their place, with which the client can be
  /// recovered.
  std::optional<domain::StreamId> only_chat;
  /// Where it goes on, from the proof until it has joined.
  std::optional<ChatPlace> recovered;
  boost::container::flat_map<domain::ChatId, base::Instant> typed_at;
  /// Since when it is one too many over all gateways.
  std::optional<base::Instant> crowded_since;
};
using ClientPtr = std::shared_ptr<Client>;

/// One shard.
class Clients {
 public:
  Clients(socketio_server::Namespace& nsp, Meters& meters) : nsp_(nsp), meters_(meters) {}

  /// `client.socket` and `client.id` are set.
  void add(const ClientPtr& client);
  void remove(const ClientPtr& client);

  /// Whether it is connected still.
  bool has(const Client& client) const;
  bool online(domain::UserId user) const { return by_user_.contains(user); }
  std::size_t count_of_user(domain::UserId user) const;
  std::size_t count_of_network(const std::string& network) const;
  std::size_t size() const { return all_.size(); }
  std::size_t users() const { return by_user_.size(); }
  /// Copies, so that what is done with them may close them; in the order of their coming.
  std::vector<ClientPtr> of_user(domain::UserId user) const;
  std::vector<ClientPtr> all() const;

  /// An event whose only argument is `payload`, JSON text of ours.
  void send(const Client& client, std::string_view event, std::string_view payload,
            socketio_server::Delivery delivery) const;
  /// The same to every socket of the user, encoded once.
  void send_to_user(domain::UserId user, std::string_view event, std::string_view payload) const;
  /// Says why, then ends the connection.
  void close(const ClientPtr& client, CloseReason reason);

 private:
  socketio_server::Namespace& nsp_;
  Meters& meters_;
  std::map<std::uint64_t, ClientPtr> all_;  ///< by slot: the order of their coming
  std::unordered_map<domain::UserId, std::vector<ClientPtr>> by_user_;
  std::unordered_map<std::string, std::size_t> by_network_;
  std::uint64_t slots_ = 0;
};

}  // namespace rubricon::gateway
