#include <rubricon/socketio_server/broadcast.hpp>

#include <rubricon/socketio/packet_encoder.hpp>
#include <rubricon/socketio_server/connection.hpp>
#include <rubricon/socketio_server/namespace_state.hpp>
#include <rubricon/socketio_server/server_state.hpp>

#include <utility>

namespace rubricon::socketio_server {
namespace {

/// Gathers the answers to one broadcast; tells them when its last owner has gone.
class Collector {
 public:
  explicit Collector(std::function<void(BroadcastAcks)> handler) : handler_(std::move(handler)) {}
  ~Collector() {
    if (handler_) handler_(std::move(acks_));
  }
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  void add(std::expected<Args, AckFailure> answer) {
    if (answer) {
      acks_.answers.push_back(std::move(*answer));
    } else {
      ++acks_.missing;
    }
  }

 private:
  std::function<void(BroadcastAcks)> handler_;
  BroadcastAcks acks_;
};

}  // namespace

Broadcast& Broadcast::to(std::string_view room) {
  rooms_.emplace_back(room);
  return *this;
}

Broadcast& Broadcast::except(std::string_view room) {
  except_.emplace_back(room);
  return *this;
}

Broadcast& Broadcast::delivery(Delivery delivery) {
  delivery_ = delivery;
  return *this;
}

std::size_t Broadcast::emit(std::string_view name, const socketio::Args& args) {
  const auto event = socketio::encode_event(nsp_->name, name, args);
  return event ? emit(*event) : 0;
}

std::size_t Broadcast::emit(const socketio::EncodedEvent& event) {
  if (!nsp_->recovery || delivery_ != Delivery::reliable) return emit_shared(event);
  return emit_shared(nsp_->recovery->record(event, {rooms_, except_}, nsp_->server->engine.now()));
}

std::size_t Broadcast::emit_shared(const socketio::EncodedEvent& event) {
  std::size_t queued = 0;
  nsp_->each(nsp_->select(rooms_, except_), [&](Socket& socket) {
    if (!socket.connected()) return;
    queued += socket.connection_->send(event, delivery_) == EmitStatus::queued ? 1u : 0u;
  });
  return queued;
}

std::size_t Broadcast::emit_with_ack(std::string_view name, const socketio::Args& args,
                                     std::chrono::milliseconds timeout,
                                     std::function<void(BroadcastAcks)> handler) {
  const auto id = nsp_->next_ack_id;
  const auto event = socketio::encode_event(nsp_->name, name, args, id);
  const auto collector = std::make_shared<Collector>(std::move(handler));
  if (!event) return 0;
  ++nsp_->next_ack_id;
  std::size_t queued = 0;
  nsp_->each(nsp_->select(rooms_, except_), [&](Socket& socket) {
    const auto status = socket.send_asking(
        *event, id, delivery_, timeout,
        [collector](std::expected<Args, AckFailure> answer) { collector->add(std::move(answer)); });
    queued += status == EmitStatus::queued ? 1u : 0u;
  });
  return queued;
}

std::size_t Broadcast::count() const {
  return nsp_->select(rooms_, except_).size();
}

void Broadcast::for_each(const std::function<void(Socket&)>& action) const {
  nsp_->each(nsp_->select(rooms_, except_), action);
}

void Broadcast::join(std::string_view room) const {
  for_each([room](Socket& socket) { socket.join(room); });
}

void Broadcast::leave(std::string_view room) const {
  for_each([room](Socket& socket) { socket.leave(room); });
}

}  // namespace rubricon::socketio_server
