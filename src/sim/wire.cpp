#include <rubricon/sim/wire.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::sim {
namespace {

/// The payload of a server's frame as `net::text_frame` makes it.
std::string payload_of(const std::string& frame) {
  const auto length = static_cast<unsigned char>(frame[1]);
  return frame.substr(length < 126 ? 2 : length == 126 ? 4 : 10);
}

}  // namespace

void Wire::start(std::shared_ptr<net::WebSocketListener> listener) {
  listener_ = std::move(listener);
}

/// In order, as TCP does it.
void Wire::carry(At& last_due, std::function<void(Wire&)> what) {
  const auto latency = dice_.between(link_.latency_min, link_.latency_max);
  last_due = std::max(last_due, loop_.elapsed() + latency);
  loop_.at(last_due, [self = shared_from_this(), what = std::move(what)] {
    self->swallowed_ = self->swallowed_ || self->link_.cut;
    if (!self->swallowed_) what(*self);
  });
}

bool Wire::send(net::SharedFrame frame) {
  if (!open_) return false;
  carry(to_client_due_, [frame = std::move(frame)](Wire& wire) {
    if (wire.client_open_ && wire.on_client_text) wire.on_client_text(payload_of(*frame));
  });
  return true;
}

void Wire::client_send(std::string text) {
  if (!client_open_) return;
  carry(to_server_due_, [text = std::move(text)](Wire& wire) {
    if (wire.open_ && wire.listener_) wire.listener_->on_text(text);
  });
}

void Wire::tell_client_closed() {
  carry(to_client_due_, [](Wire& wire) {
    if (!std::exchange(wire.client_open_, false)) return;
    if (const auto closed = std::exchange(wire.on_client_closed, nullptr)) closed();
  });
}

void Wire::tell_server_closed(net::WebSocketClosed::Cause cause) {
  carry(to_server_due_, [cause](Wire& wire) {
    wire.open_ = false;
    if (const auto listener = std::exchange(wire.listener_, nullptr)) listener->on_closed({cause});
  });
}

void Wire::close(std::uint16_t, std::string_view) {
  if (!std::exchange(open_, false)) return;
  tell_client_closed();
  // The answer to our close frame, or our patience with a link that is cut.
  loop_.after(base::Milliseconds(100), [self = shared_from_this()] {
    const auto listener = std::exchange(self->listener_, nullptr);
    if (listener) listener->on_closed({net::WebSocketClosed::Cause::by_us});
  });
}

void Wire::abort() {
  if (!std::exchange(open_, false)) return;
  tell_client_closed();
  loop_.after(base::Milliseconds(0), [self = shared_from_this()] {
    const auto listener = std::exchange(self->listener_, nullptr);
    if (listener) listener->on_closed({net::WebSocketClosed::Cause::aborted});
  });
}

void Wire::client_close() {
  if (!std::exchange(client_open_, false)) return;
  on_client_closed = nullptr;
  tell_server_closed(net::WebSocketClosed::Cause::lost);
}

void Wire::break_off() {
  tell_client_closed();
  tell_server_closed(net::WebSocketClosed::Cause::lost);
}

void Wire::server_died() {
  open_ = false;
  listener_ = nullptr;
  tell_client_closed();
}

}  // namespace rubricon::sim
