/// The part of Rooms that knows who can be recovered. A client that has joined one chat is told its
/// place with each event of it, as the last argument; official clients keep that text and bring it
/// when they come back. One that is in several chats, or in none, is told that it has no place: one
/// text cannot say where it was. Events are encoded once for either kind.
#include <rubricon/base/assert.hpp>
#include <rubricon/gateway/rooms.hpp>
#include <rubricon/gateway/wire.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace rubricon::gateway {

using socketio_server::Delivery;

std::string Rooms::elsewhere_too(domain::StreamId stream) {
  return stream.to_string() + " and others";
}

void Rooms::chat_joined(Stay& stay) {
  Client& client = *stay.client;
  stay.joined = true;
  if (++client.chats_joined == 1) {
    client.only_chat = stay.stream;
    return;
  }
  const auto before = std::exchange(client.only_chat, std::nullopt);
  if (!before) return;
  const auto socket = client.socket.lock();
  if (socket && live(client, *before)) enter(*socket, elsewhere_too(*before));
  send_place(client, std::nullopt);
}

void Rooms::chat_left(const Stay& stay) {
  Client& client = *stay.client;
  --client.chats_joined;
  const auto socket = client.socket.lock();
  // Those who have gone come back with what they have.
  if (!socket || !socket->connected()) return;
  socket->leave(elsewhere_too(stay.stream));
  if (client.only_chat == stay.stream) {
    client.only_chat.reset();
    send_place(client, std::nullopt);
    return;
  }
  if (client.chats_joined != 1) return;
  const auto joined = [this](const auto& other) {
    return other.first.chat() && stays_.at(other.second).joined;
  };
  const auto rest = std::ranges::find_if(client.stays, joined);
  RUBRICON_ASSERT(rest != client.stays.end());
  client.only_chat = rest->first;
  socket->leave(elsewhere_too(rest->first));
  // One that is not live yet has its place with the next event.
  const auto room = rooms_.find(rest->first);
  if (room != rooms_.end() && stays_.at(rest->second).live) {
    send_place(client, room->second.room.head());
  }
}

void Rooms::send_place(const Client& client, std::optional<domain::Position> position) {
  std::string place;
  auto heads = heads_of(client);
  if (position) {
    // At the moment of a join the client is not live yet.
    heads[*client.only_chat->chat()] = position->seq;
    RecoverySeal::Salt salt{};
    services_.random.fill(salt);
    place = seal_.offset({*client.only_chat->chat(), *position}, salt);
  }
  // Never shed: the client must not come back with a place that is not its own any more.
  clients_.send(client, "heads", wire::heads(heads) + ",\"" + place + "\"", Delivery::reliable);
}

void Rooms::send_missed(const Client& client, domain::StreamId stream, const Joined& joined) {
  const auto socket = client.socket.lock();
  if (!socket) return;
  const auto with_place = place_for(client, stream);
  for (const auto& event : joined.missed) socket->emit(encoded(event, with_place));
  if (joined.missed.empty() && with_place == WithPlace::yes) send_place(client, joined.head);
}

Rooms::WithPlace Rooms::place_for(const Client& client, domain::StreamId stream) const {
  return client.only_chat == stream ? WithPlace::yes : WithPlace::no;
}

const socketio_server::EncodedEvent& Rooms::encoded(const EventPtr& event, WithPlace with_place) {
  if (encoded_event_ != event) {
    encoded_plain_.reset();
    encoded_with_place_.reset();
    encoded_event_ = event;
  }
  auto& bytes = with_place == WithPlace::yes ? encoded_with_place_ : encoded_plain_;
  if (!bytes) {
    auto payload = domain::wire_payload(*event);
    if (with_place == WithPlace::yes) {
      payload += ",\"" + seal_.offset({*event->stream.chat(), {event->epoch, event->seq}}) + "\"";
    }
    bytes = nsp_.prepare_json(domain::socket_event_name(event->type), payload);
    RUBRICON_ASSERT(bytes);
  }
  return *bytes;
}

}  // namespace rubricon::gateway
