#include <rubricon/socketio_server/engine_socket.hpp>

#include <rubricon/socketio_server/engine_state.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::socketio_server {
namespace {

using socketio::EngineTransport;
using socketio::Link;
using socketio::OutboundPacket;
using socketio::Reason;

/// What may wait on a WebSocket when something volatile is sent: about one packet.
constexpr std::size_t volatile_bytes_max = 16 * 1024;

Reason reason_of(net::WebSocketClosed how) {
  using Cause = net::WebSocketClosed::Cause;
  switch (how.cause) {
    case Cause::by_peer:
    case Cause::lost: return Reason::transport_close;
    case Cause::protocol_error:
    case Cause::timed_out: return Reason::transport_error;
    case Cause::by_us:
    case Cause::aborted: return Reason::forced_close;
  }
  return Reason::transport_close;
}

const char* close_text(Reason reason) {
  return socketio::close_code(reason) == net::close_no_status ? "" : socketio::to_string(reason);
}

}  // namespace

EngineSocket::EngineSocket(std::shared_ptr<EngineState> state, std::string sid,
                           std::string remote_address, EngineTransport transport, bool base64_only)
    : state_(std::move(state)),
      sid_(std::move(sid)),
      remote_address_(std::move(remote_address)),
      session_(state_->limits, transport, state_->environment.now(), base64_only) {
  ++state_->counters.connections_total;
  auto& counters = state_->counters;
  ++(transport == EngineTransport::polling ? counters.polling_now : counters.websocket_now);
}

EngineSocket::~EngineSocket() = default;

template <typename Input>
void EngineSocket::step(Input input) {
  const auto self = shared_from_this();
  if (loop_.run(input, [this](auto& action) { perform(action); })) schedule();
}

void EngineSocket::perform(socketio::EngineAction& action) {
  if (auto* text = std::get_if<socketio::DeliverText>(&action)) {
    ++state_->counters.packets_in_total;
    state_->counters.bytes_in_total += text->text.size();
    if (listener_) listener_->on_text(text->text);
  } else if (auto* binary = std::get_if<socketio::DeliverBinary>(&action)) {
    ++state_->counters.packets_in_total;
    state_->counters.bytes_in_total += binary->bytes.size();
    if (listener_) listener_->on_binary(std::move(binary->bytes));
  } else if (auto* frame = std::get_if<socketio::SendFrame>(&action)) {
    send_frame(*frame);
  } else if (auto* answer = std::get_if<socketio::AnswerPoll>(&action)) {
    answer_poll(*answer);
  } else if (auto* close = std::get_if<socketio::CloseWebSocket>(&action)) {
    close_websocket(*close);
  } else if (std::holds_alternative<socketio::Promote>(action)) {
    promote();
  } else if (std::holds_alternative<socketio::AbortPost>(action)) {
    if (const auto post = std::exchange(post_, nullptr)) post->abort();
  } else if (auto* ended = std::get_if<socketio::SessionClosed>(&action)) {
    closed(ended->reason);
  } else {
    gone();
  }
}

void EngineSocket::answer_poll(const socketio::AnswerPoll& answer) {
  auto body = socketio::encode_payload(answer.packets);
  state_->counters.packets_out_total += answer.packets.size();
  state_->counters.bytes_out_total += body.size();
  if (poll_) poll_->set(std::move(body));
  poll_.reset();
}

void EngineSocket::send_frame(const socketio::SendFrame& send) {
  const auto& websocket = send.link == Link::current ? websocket_ : candidate_;
  if (websocket) write(*websocket, send.packet);
}

/// False where that ended the session.
bool EngineSocket::write(net::WebSocketConnection& websocket, const OutboundPacket& packet) {
  ++state_->counters.packets_out_total;
  state_->counters.bytes_out_total += packet.frame()->size();
  if (websocket.send(packet.frame()) || !websocket.is_open()) return true;
  // The queue is beyond even what the application chose to keep: a packet is missing now.
  close(Reason::slow_consumer);
  return false;
}

void EngineSocket::close_websocket(const socketio::CloseWebSocket& close) {
  auto& websocket = close.link == Link::current ? websocket_ : candidate_;
  if (websocket) websocket->close(socketio::close_code(close.reason), close_text(close.reason));
  websocket.reset();
}

void EngineSocket::promote() {
  websocket_ = std::exchange(candidate_, nullptr);
  ++state_->counters.upgrades_total;
  --state_->counters.polling_now;
  ++state_->counters.websocket_now;
}

void EngineSocket::closed(Reason reason) {
  auto& counters = state_->counters;
  ++counters.closes_total[static_cast<std::size_t>(reason)];
  const bool polling = transport() == EngineTransport::polling;
  --(polling ? counters.polling_now : counters.websocket_now);
  if (const auto listener = std::exchange(listener_, nullptr)) listener->on_closed(reason);
}

void EngineSocket::gone() {
  state_->remove(sid_, remote_address_);
}

void EngineSocket::schedule() {
  auto at = session_.deadline();
  if (listener_) at = std::min(at, listener_->deadline());
  if (at >= scheduled_) return;
  scheduled_ = at;
  state_->schedule(at, weak_from_this());
}

void EngineSocket::on_deadline(base::Instant at, base::Instant now) {
  if (at != scheduled_) return;
  scheduled_ = base::Instant::max();
  step([&](auto& out) { session_.on_time(now, out); });
  if (!listener_ || listener_->deadline() > now) return;
  listener_->on_time(now);
  schedule();
}

void EngineSocket::catch_up() {
  const auto now = state_->environment.now();
  if (session_.deadline() > now) return;
  step([&](auto& out) { session_.on_time(now, out); });
}

void EngineSocket::hold(std::chrono::milliseconds duration) {
  session_.hold(state_->environment.now() + duration);
  reschedule();
}

std::size_t EngineSocket::queued_bytes() const {
  return session_.queued_bytes() + (websocket_ ? websocket_->queued_bytes() : 0);
}

bool EngineSocket::has_room(std::size_t bytes, Delivery delivery) {
  const auto& options = state_->options;
  const auto queued = queued_bytes();
  switch (delivery) {
    case Delivery::volatile_:
      if (session_.writable() && queued <= volatile_bytes_max) return true;
      break;
    case Delivery::ephemeral:
      if (queued <= options.queue_bytes_ephemeral) return true;
      break;
    case Delivery::reliable:
      // An empty queue takes any packet: a limit below the size of one would starve the client.
      if (queued == 0 || queued + bytes <= options.queue_bytes_max) return true;
      if (listener_ && listener_->keep_slow(queued)) return true;
      close(Reason::slow_consumer);
      return false;
  }
  ++state_->counters.shed_total;
  return false;
}

EmitStatus EngineSocket::send(std::span<const OutboundPacket> packets, Delivery delivery) {
  if (!open()) return EmitStatus::closed;
  std::size_t bytes = 0;
  for (const auto& packet : packets) bytes += packet.frame()->size();
  if (!has_room(bytes, delivery)) return open() ? EmitStatus::shed : EmitStatus::closed;
  // A broadcast comes here once for each socket: mostly there is nothing for the machine to decide.
  const auto passes = [this](const auto& packet) { return session_.passes_through(packet); };
  if (websocket_ && !loop_.running() && std::ranges::all_of(packets, passes)) {
    for (const auto& packet : packets) {
      if (!write(*websocket_, packet)) break;
    }
    return EmitStatus::queued;
  }
  step([&](auto& out) {
    for (const auto& packet : packets) session_.send(packet, out);
  });
  return EmitStatus::queued;
}

EmitStatus EngineSocket::send_text(std::string_view message) {
  std::string text = "4";
  text += message;
  const auto packet = OutboundPacket::text(text);
  return send(std::span(&packet, 1), Delivery::reliable);
}

EmitStatus EngineSocket::send_binary(std::string_view bytes) {
  const auto packet = OutboundPacket::binary(bytes);
  return send(std::span(&packet, 1), Delivery::reliable);
}

void EngineSocket::close(Reason reason) {
  step([&](auto& out) { session_.close(reason, state_->environment.now(), out); });
}

void EngineSocket::drop() {
  if (open()) return;
  step([&](auto& out) { session_.on_time(base::Instant::max(), out); });
}

void EngineSocket::abandon() {
  listener_.reset();
  for (auto* websocket : {&websocket_, &candidate_}) {
    if (*websocket) (*websocket)->abort();
    websocket->reset();
  }
  if (poll_) poll_->set({});
  poll_.reset();
  post_.reset();
}

void EngineSocket::start(std::shared_ptr<net::WebSocketConnection> websocket) {
  const auto open =
      socketio::open_packet({.sid = sid_,
                             .can_upgrade = transport() == EngineTransport::polling &&
                                            state_->options.websocket && state_->options.upgrades,
                             .ping_interval = state_->options.ping_interval,
                             .ping_timeout = state_->options.ping_timeout,
                             .max_payload = state_->options.max_payload});
  websocket_ = std::move(websocket);
  if (websocket_) {
    websocket_->start(std::make_shared<EngineLink>(shared_from_this(), websocket_.get()));
  }
  step([&](auto& out) { session_.send(open, out); });
}

void EngineSocket::set_listener(std::shared_ptr<EngineListener> listener) {
  listener_ = std::move(listener);
  schedule();
}

bool EngineSocket::poll(const net::Deferred<std::string>& answer) {
  bool accepted = false;
  step([&](auto& out) {
    accepted = session_.poll(out);
    // What comes out answers the pending poll: this one, if it became it.
    if (accepted) poll_ = answer;
  });
  if (accepted) ++poll_number_;
  return accepted;
}

void EngineSocket::poll_lost(std::uint32_t number) {
  if (number != poll_number_) return;
  // Nobody will read the answer, but the request's coroutine waits for one.
  if (const auto lost = std::exchange(poll_, std::nullopt)) lost->set({});
  step([&](auto& out) { session_.poll_lost(out); });
}

bool EngineSocket::post_begin(std::shared_ptr<net::HttpExchange> exchange) {
  bool accepted = false;
  step([&](auto& out) { accepted = session_.post_begin(out); });
  if (accepted) post_ = std::move(exchange);
  return accepted;
}

void EngineSocket::post_end(std::string_view body) {
  post_.reset();
  step([&](auto& out) { session_.post_end(body, state_->environment.now(), out); });
}

void EngineSocket::post_too_large() {
  post_.reset();
  session_.post_too_large();
}

void EngineSocket::post_failed(Reason reason) {
  post_.reset();
  step([&](auto& out) { session_.post_failed(reason, out); });
}

void EngineSocket::attach(std::shared_ptr<net::WebSocketConnection> candidate) {
  candidate_ = std::move(candidate);
  session_.attach(state_->environment.now());
  candidate_->start(std::make_shared<EngineLink>(shared_from_this(), candidate_.get()));
  schedule();
}

std::optional<Link> EngineSocket::link_of(const net::WebSocketConnection* websocket) const {
  if (websocket == websocket_.get()) return Link::current;
  if (websocket == candidate_.get()) return Link::candidate;
  return std::nullopt;
}

void EngineSocket::websocket_text(const net::WebSocketConnection* from, std::string_view text) {
  const auto link = link_of(from);
  if (!link) return;
  step([&](auto& out) { session_.websocket_text(*link, text, state_->environment.now(), out); });
}

void EngineSocket::websocket_binary(const net::WebSocketConnection* from, std::string_view bytes) {
  const auto link = link_of(from);
  if (!link) return;
  step([&](auto& out) { session_.websocket_binary(*link, bytes, state_->environment.now(), out); });
}

void EngineSocket::websocket_closed(const net::WebSocketConnection* from,
                                    net::WebSocketClosed how) {
  const auto link = link_of(from);
  if (!link) return;
  (*link == Link::current ? websocket_ : candidate_).reset();
  step([&](auto& out) { session_.websocket_lost(*link, reason_of(how), out); });
}

}  // namespace rubricon::socketio_server
