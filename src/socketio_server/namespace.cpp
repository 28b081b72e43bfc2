#include <rubricon/socketio_server/namespace.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/socketio/packet_encoder.hpp>
#include <rubricon/socketio_server/connection.hpp>
#include <rubricon/socketio_server/namespace_state.hpp>

#include <utility>

namespace rubricon::socketio_server {

Namespace::Namespace(std::unique_ptr<NamespaceState> state) : state_(std::move(state)) {}
Namespace::~Namespace() = default;

const std::string& Namespace::name() const {
  return state_->name;
}

void Namespace::use(Middleware middleware) {
  state_->middlewares.push_back(std::make_shared<const Middleware>(std::move(middleware)));
}

void Namespace::on_connection(ConnectionHandler handler) {
  state_->on_connection = std::make_shared<const ConnectionHandler>(std::move(handler));
}

void Namespace::on(std::string_view event, NamespaceEventHandler handler) {
  state_->events.insert_or_assign(
      std::string(event), std::make_shared<const NamespaceEventHandler>(std::move(handler)));
}

void Namespace::on_any(NamespaceEventHandler handler) {
  state_->on_any = std::make_shared<const NamespaceEventHandler>(std::move(handler));
}

void Namespace::on_disconnect(std::function<void(const SocketPtr&, Reason)> handler) {
  using Handler = const std::function<void(const SocketPtr&, Reason)>;
  state_->on_disconnect = std::make_shared<Handler>(std::move(handler));
}

void Namespace::set_gate(Gate gate) {
  state_->gate = std::make_shared<const Gate>(std::move(gate));
}

void Namespace::recover_by(SessionStore& store) {
  RUBRICON_ASSERT(!state_->recovery);
  state_->session_store = &store;
}

std::optional<EncodedEvent> Namespace::prepare(std::string_view name, const Args& args) const {
  return socketio::encode_event(state_->name, name, args);
}

std::optional<EncodedEvent> Namespace::prepare_json(std::string_view name,
                                                    std::string_view json_args) const {
  return socketio::encode_event_json(state_->name, name, json_args);
}

Broadcast Namespace::all() {
  return Broadcast(*state_);
}
Broadcast Namespace::to(std::string_view room) {
  return all().to(room);
}
Broadcast Namespace::except(std::string_view room) {
  return all().except(room);
}

std::size_t Namespace::emit(std::string_view name, const Args& args) {
  return all().emit(name, args);
}

SocketPtr Namespace::find(std::string_view socket_id) const {
  return state_->find(socket_id);
}
std::size_t Namespace::socket_count() const {
  return state_->size();
}

std::size_t Namespace::room_size(std::string_view room) const {
  return state_->rooms.members(room).size();
}

std::vector<std::string> Namespace::rooms() const {
  return state_->rooms.rooms();
}

}  // namespace rubricon::socketio_server
