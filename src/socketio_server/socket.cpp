#include <rubricon/socketio_server/socket.hpp>

#include <rubricon/socketio/packet_encoder.hpp>
#include <rubricon/socketio_server/connection.hpp>
#include <rubricon/socketio_server/server_state.hpp>
#include <rubricon/socketio_server/socket_parts.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::socketio_server {

struct Ack::Call {
  std::weak_ptr<Socket> socket;
  std::uint64_t id;
  bool answered = false;
};

Ack::Ack(std::weak_ptr<Socket> socket, std::uint64_t id)
    : call_(std::make_shared<Call>(std::move(socket), id)) {}

void Ack::operator()(const Args& args) const {
  if (!call_ || std::exchange(call_->answered, true)) return;
  if (const auto socket = call_->socket.lock()) socket->answer(call_->id, args);
}

Socket::Socket(Origin origin)
    : nsp_(origin.nsp),
      connection_(origin.connection),
      stay_(origin.stay),
      id_(std::move(origin.id)),
      handshake_(std::move(origin.handshake)),
      auth_(std::move(origin.auth)),
      data_(std::move(origin.data)) {}

Socket::~Socket() = default;

const std::string& Socket::namespace_name() const {
  return nsp_->name;
}
const Handshake& Socket::handshake() const {
  return *handshake_;
}

void Socket::discard_handshake() {
  auth_ = nullptr;
  if (connection_ != nullptr) connection_->discard_handshake();
}

Socket::Handlers& Socket::handlers() {
  if (!handlers_) handlers_ = std::make_unique<Handlers>();
  return *handlers_;
}

void Socket::on(std::string_view event, EventHandler handler) {
  auto& events = handlers().events;
  auto shared = std::make_shared<const EventHandler>(std::move(handler));
  const auto same = [event](const auto& entry) { return entry.first == event; };
  if (const auto found = std::ranges::find_if(events, same); found != events.end()) {
    found->second = std::move(shared);
  } else {
    events.emplace_back(event, std::move(shared));
  }
}

void Socket::on_any(EventHandler handler) {
  handlers().any = std::make_shared<const EventHandler>(std::move(handler));
}

void Socket::on_disconnect(DisconnectHandler handler) {
  handlers().disconnect = std::make_shared<const DisconnectHandler>(std::move(handler));
}

std::shared_ptr<const EventHandler> Socket::handler_of(std::string_view event) const {
  if (!handlers_) return nullptr;
  for (const auto& [name, handler] : handlers_->events) {
    if (name == event) return handler;
  }
  return handlers_->any;
}

EmitStatus Socket::emit(std::string_view name, const Args& args, Delivery delivery) {
  if (!connected()) return EmitStatus::closed;
  const auto event = socketio::encode_event(nsp_->name, name, args);
  return event ? emit(*event, delivery) : EmitStatus::refused;
}

EmitStatus Socket::emit(const EncodedEvent& event, Delivery delivery) {
  if (!connected()) return EmitStatus::closed;
  if (!nsp_->recovery || delivery != Delivery::reliable) return connection_->send(event, delivery);
  const auto recorded = nsp_->recovery->record(event, {{id_}, {}}, nsp_->server->engine.now());
  return connection_->send(recorded, delivery);
}

EmitStatus Socket::emit_with_ack(std::string_view name, const Args& args,
                                 std::chrono::milliseconds timeout, AckHandler handler) {
  if (!connected()) return EmitStatus::closed;
  const auto id = nsp_->next_ack_id;
  const auto event = socketio::encode_event(nsp_->name, name, args, id);
  if (!event) return EmitStatus::refused;
  ++nsp_->next_ack_id;
  return send_asking(*event, id, Delivery::reliable, timeout, std::move(handler));
}

EmitStatus Socket::send_asking(const EncodedEvent& event, std::uint64_t ack_id, Delivery delivery,
                               std::chrono::milliseconds timeout, AckHandler handler) {
  if (!connected()) return EmitStatus::closed;
  auto& acks = handlers().acks;
  if (acks.size() >= nsp_->server->options.acks_pending_max) return EmitStatus::refused;
  const auto status = connection_->send(event, delivery);
  if (status != EmitStatus::queued) return status;
  acks.add(ack_id, nsp_->server->engine.now() + timeout, std::move(handler));
  connection_->deadline_changed();
  return status;
}

void Socket::answer(std::uint64_t ack_id, const Args& args) {
  if (!connected()) return;
  if (const auto packet = socketio::encode_ack(nsp_->name, ack_id, args)) {
    connection_->send(*packet, Delivery::reliable);
  }
}

bool Socket::join(std::string_view room) {
  return connected() && nsp_->join(*this, room);
}

void Socket::leave(std::string_view room) {
  nsp_->rooms.leave(member_, room);
}

std::vector<std::string> Socket::rooms() const {
  return nsp_->rooms.rooms_of(member_);
}

bool Socket::in_room(std::string_view room) const {
  return nsp_->contains(*this, room);
}

Broadcast Socket::to(std::string_view room) {
  return broadcast().to(room);
}
Broadcast Socket::broadcast() {
  return Broadcast(*nsp_).except(id_);
}

std::size_t Socket::queued_bytes() const {
  return connected() ? connection_->queued_bytes() : 0;
}

void Socket::disconnect(Close close) {
  if (auto* connection = std::exchange(connection_, nullptr)) connection->disconnect(*this, close);
}

void Socket::finish(Reason reason) {
  if (!handlers_) return;
  const auto self = shared_from_this();
  const auto handlers = std::exchange(handlers_, nullptr);
  if (handlers->disconnect) (*handlers->disconnect)(reason);
  for (const auto& handler : handlers->acks.take_all()) {
    handler(std::unexpected(AckFailure::disconnected));
  }
}

}  // namespace rubricon::socketio_server
