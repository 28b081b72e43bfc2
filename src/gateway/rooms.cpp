#include <rubricon/gateway/rooms.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/base/failpoint.hpp>
#include <rubricon/gateway/wire.hpp>

#include <chrono>
#include <utility>

namespace rubricon::gateway {

using socketio_server::Args;

namespace {

/// Tells a join that is still without an answer that there will be none.
void refuse(const socketio_server::Ack& ack, std::string_view superseded_by) {
  const base::Error error{base::ErrorCode::conflict, std::string(superseded_by), {}, {}};
  ack(Args{wire::error_ack(error)});
}

}  // namespace

Rooms::Rooms(base::TaskGroup& tasks, StoreReads& reads, socketio_server::Namespace& nsp,
             Clients& clients, const RecoverySeal& seal, const Services& services, Meters& meters,
             const Options& options)
    : tasks_(tasks),
      reads_(reads),
      nsp_(nsp),
      clients_(clients),
      seal_(seal),
      services_(services),
      meters_(meters),
      options_(options) {}

void Rooms::join(const ClientPtr& client, domain::StreamId stream, JoinFrom from,
                 socketio_server::Ack ack) {
  begin(client, stream, from, std::move(ack), Purpose::join);
}

void Rooms::recover(const ClientPtr& client, const ChatPlace& place) {
  const JoinFrom from{.epoch = place.position.epoch, .after = place.position.seq};
  begin(client, domain::StreamId(place.chat), from, {}, Purpose::recover);
}

void Rooms::begin(const ClientPtr& client, domain::StreamId stream, JoinFrom from,
                  socketio_server::Ack ack, Purpose purpose) {
  const auto superseded = leave_silently(client, stream);
  const SubscriberId who(++last_subscriber_);
  client->stays.emplace(stream, who);
  auto& stay = stays_
                   .emplace(who, Stay{.client = client,
                                      .stream = stream,
                                      .from = from,
                                      .ack = std::move(ack),
                                      .purpose = purpose,
                                      .question = {}})
                   .first->second;
  // It has been told that it is there.
  if (purpose == Purpose::recover) chat_joined(stay);
  perform(stream, entry(stream).room.join(who, client->identity.user, from));
  refuse(superseded, "another join of the same room came after this one");
}

void Rooms::leave(const ClientPtr& client, domain::StreamId stream) {
  refuse(leave_silently(client, stream), "the room was left before the join was done");
}

socketio_server::Ack Rooms::leave_silently(const ClientPtr& client, domain::StreamId stream) {
  client->retries.erase(stream);
  const auto stay = client->stays.find(stream);
  if (stay == client->stays.end()) return {};
  const auto who = stay->second;
  const auto ack = stays_.at(who).ack;
  end_stay(who);
  if (const auto found = rooms_.find(stream); found != rooms_.end()) {
    perform(stream, found->second.room.leave(who));
  }
  return ack;
}

void Rooms::leave_all(const ClientPtr& client) {
  while (!client->stays.empty()) leave(client, client->stays.begin()->first);
}

void Rooms::arrived(const EventPtr& event) {
  base::failpoint("gateway.after_consume");
  const auto found = rooms_.find(event->stream);
  if (found != rooms_.end()) perform(event->stream, found->second.room.arrived(event));
}

bool Rooms::live(const Client& client, domain::StreamId stream) const {
  const auto stay = client.stays.find(stream);
  return stay != client.stays.end() && stays_.at(stay->second).live;
}

std::map<domain::ChatId, domain::Seq> Rooms::heads_of(const Client& client) const {
  std::map<domain::ChatId, domain::Seq> heads;
  for (const auto& [stream, who] : client.stays) {
    const auto chat = stream.chat();
    const auto room = rooms_.find(stream);
    if (!chat || room == rooms_.end() || !stays_.at(who).live) continue;
    heads.emplace(*chat, room->second.room.head().seq);
  }
  return heads;
}

Rooms::Entry& Rooms::entry(domain::StreamId stream) {
  const auto found = rooms_.find(stream);
  if (found != rooms_.end()) return found->second;
  return rooms_.try_emplace(stream, options_.room, stream, ++last_generation_).first->second;
}

void Rooms::perform(domain::StreamId stream, RoomActions actions) {
  // What is sent may close sockets, and a closed socket leaves its rooms: look the room up anew.
  for (auto& action : actions) {
    std::visit([&](auto& a) { act(stream, a); }, action);
  }
  const auto found = rooms_.find(stream);
  if (found == rooms_.end()) return;
  count(found->second);
  if (found->second.room.empty()) rooms_.erase(found);
}

void Rooms::act(domain::StreamId stream, Authorise& action) {
  const auto stay = stays_.find(action.who);
  if (stay == stays_.end()) return;
  if (stream.chat()) {
    const auto user = stay->second.client->identity.user;
    const auto question = reads_.start(authorise(stream, action.who, user, deadline()));
    stay->second.question = question;
    if (!question) authorised(stream, action.who, std::unexpected(too_many_wait()));
    return;
  }
  user_joins_.emplace_back(stream, action.who);
  if (user_joins_.size() == 1) tasks_.spawn(find_user_heads());
}

void Rooms::act(domain::StreamId stream, ReadReplay& action) {
  const auto stay = stays_.find(action.who);
  if (stay == stays_.end()) return;
  const auto client = stay->second.client;
  client->replays.push_back({stream, action.who, action.after});
  start_replay(client);
}

void Rooms::act(domain::StreamId stream, Joined& action) {
  const auto stay = stays_.find(action.who);
  if (stay == stays_.end()) return;
  const bool resync = action.resync == Resync::yes;
  if (resync && stay->second.purpose == Purpose::recover) {
    return clients_.close(ClientPtr(stay->second.client), CloseReason::not_recovered);
  }
  (resync                  ? meters_.resume_resync
   : action.missed.empty() ? meters_.resume_none
                           : meters_.resume_delta)
      .add();
  const auto client = stay->second.client;
  const auto ack = stay->second.ack;
  if (stream.chat() && !stay->second.joined) chat_joined(stay->second);
  ack(Args{wire::join_ack(action.head, action.resync)});
  send_missed(*client, stream, action);
}

void Rooms::act(domain::StreamId stream, GoLive& action) {
  const auto stay = stays_.find(action.who);
  if (stay == stays_.end()) return;
  stay->second.live = true;
  const auto client = stay->second.client;
  if (const auto socket = client->socket.lock()) {
    enter(*socket, stream.to_string());
    if (stream.chat() && client->only_chat != stream) enter(*socket, elsewhere_too(stream));
  }
  if (const auto chat = stream.chat()) hooks_.went_live(client, *chat);
}

void Rooms::enter(socketio_server::Socket& socket, const std::string& room) {
  // Whoever is not in it would lose every event, and nobody would know.
  RUBRICON_ASSERT(socket.join(room) || !socket.connected());
}

void Rooms::act(domain::StreamId stream, Refuse& action) {
  const auto stay = stays_.find(action.who);
  if (stay == stays_.end()) return;
  const auto ack = stay->second.ack;
  const auto from = stay->second.from;
  const auto purpose = stay->second.purpose;
  const auto client = end_stay(action.who);
  const bool recovering = purpose == Purpose::recover;
  if (ack.wanted()) {
    ack(Args{wire::error_ack(action.error)});
  } else if (recovering && action.error.code != base::ErrorCode::unavailable) {
    clients_.close(client, CloseReason::not_recovered);
  } else if (recovering || stream.user()) {
    client->retries.insert(stream);
    tasks_.spawn(join_again_later(client, stream, from, purpose));
  }
}

void Rooms::act(domain::StreamId stream, SendTo& action) {
  const auto stay = stays_.find(action.who);
  if (stay == stays_.end()) return;
  const auto client = stay->second.client;
  if (const auto socket = client->socket.lock()) {
    socket->emit(encoded(action.event, place_for(*client, stream)));
  }
}

void Rooms::act(domain::StreamId stream, Broadcast& action) {
  meters_.delivered.add();
  if (const auto room = rooms_.find(stream); room != rooms_.end()) {
    auto everybody = nsp_.to(room->second.name);
    if (stream.user()) {
      everybody.emit(encoded(action.event, WithPlace::no));
    } else if (nsp_.room_size(room->second.elsewhere) == 0) {
      everybody.emit(encoded(action.event, WithPlace::yes));
    } else {
      auto others = nsp_.to(room->second.elsewhere);
      everybody.except(room->second.elsewhere).emit(encoded(action.event, WithPlace::yes));
      others.emit(encoded(action.event, WithPlace::no));
    }
  }
  hooks_.delivered(action.event);
}

void Rooms::act(domain::StreamId, Evict& action) {
  end_stay(action.who);
}

void Rooms::act(domain::StreamId stream, Wait& action) {
  const auto room = rooms_.find(stream);
  if (room != rooms_.end()) tasks_.spawn(wait(stream, room->second.generation, action.time));
}

void Rooms::act(domain::StreamId stream, ReadHole& action) {
  const auto room = rooms_.find(stream);
  if (room == rooms_.end()) return;
  if (reads_.start(read_hole(stream, room->second.generation, action.after))) return;
  too_many_wait();
  perform(stream, room->second.room.hole_failed());
}

void Rooms::act(domain::StreamId, Restart& action) {
  std::vector<ClientPtr> all;
  for (const auto who : action.all) {
    if (const auto stay = stays_.find(who); stay != stays_.end())
      all.push_back(stay->second.client);
  }
  // Closed first: with this room taken away, another would look like their only one.
  for (const auto& client : all) clients_.close(client, CloseReason::stream_restarted);
  for (const auto who : action.all) end_stay(who);
}

ClientPtr Rooms::end_stay(SubscriberId who) {
  const auto found = stays_.find(who);
  if (found == stays_.end()) return nullptr;
  const Stay stay = std::move(found->second);
  stays_.erase(found);
  stay.client->stays.erase(stay.stream);
  std::erase_if(stay.client->replays, [who](const Replay& replay) { return replay.who == who; });
  if (stay.question) reads_.drop(*stay.question);
  if (const auto socket = stay.client->socket.lock()) socket->leave(stay.stream.to_string());
  if (const auto chat = stay.stream.chat()) {
    if (stay.joined) chat_left(stay);
    stay.client->typed_at.erase(*chat);
    hooks_.left(stay.client, *chat);
  }
  return stay.client;
}

void Rooms::count(Entry& room) {
  const auto& now = room.room.stats();
  meters_.duplicates.add(now.duplicates - room.counted.duplicates);
  meters_.holes.add(now.holes - room.counted.holes);
  meters_.filled.add(now.filled - room.counted.filled);
  meters_.head_check_behind.add(now.behind - room.counted.behind);
  room.counted = now;
  if (room.room.behind() == room.behind_since.has_value()) return;
  const auto instant = services_.clock.monotonic();
  if (room.behind_since) {
    const std::chrono::duration<double> behind = instant - *room.behind_since;
    meters_.hole_seconds.observe(behind.count());
    room.behind_since.reset();
  } else {
    room.behind_since = instant;
  }
}

}  // namespace rubricon::gateway
