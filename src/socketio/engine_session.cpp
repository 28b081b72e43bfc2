#include <rubricon/socketio/engine_session.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/socketio/base64.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::socketio {
namespace {

/// A queued packet costs more than its bytes; counting that bounds queues of tiny packets, too.
constexpr std::size_t packet_overhead_bytes = 64;

/// What a client that cannot take binary frames gets instead.
OutboundPacket as_base64(const OutboundPacket& packet) {
  std::string text = "b";
  append_base64(text, packet.payload());
  return OutboundPacket::text(text);
}

}  // namespace

EngineSession::EngineSession(const SessionLimits& limits, EngineTransport transport,
                             base::Instant now, bool base64_only)
    : limits_(&limits),
      heartbeat_at_(now + limits.ping_interval),
      bucket_(now),
      transport_(transport),
      base64_only_(base64_only) {}

base::Instant EngineSession::deadline() const {
  if (phase_ == Phase::closed) return base::Instant::max();
  if (phase_ == Phase::draining) return phase_until_;
  auto at = heartbeat_at_;
  if (upgrade_ != Upgrade::none) at = std::min(at, phase_until_);
  if (held()) at = std::min(at, held_until_);
  return at;
}

void EngineSession::on_time(base::Instant now, EngineActions& out) {
  if (phase_ == Phase::draining && now >= phase_until_) go(out);
  if (phase_ != Phase::open) return;
  if (upgrade_ != Upgrade::none && now >= phase_until_) drop_candidate(out);
  if (held() && now >= held_until_) release(out);
  if (now >= heartbeat_at_) heartbeat(now, out);
}

void EngineSession::heartbeat(base::Instant now, EngineActions& out) {
  if (heartbeat_ != Heartbeat::idle) {
    end(Reason::ping_timeout, close_packet(), out);
    return;
  }
  heartbeat_ = Heartbeat::waiting;
  // Counted from when the ping was due, so that delays do not add up; but a ping that was very late
  // leaves the client half of the time at least.
  heartbeat_at_ = std::max(heartbeat_at_ + limits_->ping_timeout, now + limits_->ping_timeout / 2);
  send(ping_packet(), out);
}

void EngineSession::heard(EngineType type, base::Instant now) {
  if (type == EngineType::pong) {
    heartbeat_ = Heartbeat::idle;
    heartbeat_at_ = now + limits_->ping_interval;
  } else if (heartbeat_ == Heartbeat::waiting) {
    // The pong may be stuck behind what was just received: wait once more, but only once.
    heartbeat_ = Heartbeat::extended;
    heartbeat_at_ = now + limits_->ping_timeout;
  }
}

bool EngineSession::poll(EngineActions& out) {
  if (phase_ == Phase::closed || transport_ != EngineTransport::polling) return false;
  if (poll_pending_) {
    end(Reason::transport_error, close_packet(), out);
    return false;
  }
  poll_pending_ = true;
  if (!queue_.empty()) {
    flush(out);
    if (phase_ == Phase::draining) go(out);
  } else if (upgrade_ == Upgrade::probed) {
    // The client stops polling before it upgrades: let it.
    answer_poll(noop_packet(), out);
  }
  return true;
}

void EngineSession::poll_lost(EngineActions& out) {
  if (!poll_pending_) return;
  poll_pending_ = false;
  if (transport_ == EngineTransport::polling) end(Reason::transport_close, close_packet(), out);
}

bool EngineSession::post_begin(EngineActions& out) {
  if (phase_ == Phase::closed) return false;
  if (post_pending_) {
    end(Reason::transport_error, close_packet(), out);
    return false;
  }
  post_pending_ = true;
  return true;
}

void EngineSession::post_end(std::string_view body, base::Instant now, EngineActions& out) {
  post_pending_ = false;
  do {
    receive(next_in_payload(body), now, out);
  } while (body.data() != nullptr && open());
}

void EngineSession::post_too_large() {
  post_pending_ = false;
}

void EngineSession::post_failed(Reason reason, EngineActions& out) {
  post_pending_ = false;
  end(reason, close_packet(), out);
}

bool EngineSession::can_attach() const {
  return open() && transport_ == EngineTransport::polling && upgrade_ == Upgrade::none;
}

void EngineSession::attach(base::Instant now) {
  RUBRICON_ASSERT(can_attach());
  upgrade_ = Upgrade::attached;
  phase_until_ = now + limits_->upgrade_timeout;
}

void EngineSession::websocket_text(Link link, std::string_view text, base::Instant now,
                                   EngineActions& out) {
  const bool switches = link == Link::candidate && text == "5";
  if (phase_ == Phase::draining && switches) drain_to_candidate(out);
  if (!open()) return;
  if (link == Link::current) {
    receive(text, now, out);
  } else {
    probe(text, now, out);
  }
}

void EngineSession::websocket_binary(Link link, std::string_view bytes, base::Instant now,
                                     EngineActions& out) {
  if (!open()) return;
  if (link == Link::candidate) {
    drop_candidate(out);
    return;
  }
  if (!admit(now, out)) return;
  heard(EngineType::message, now);
  out.push_back(DeliverBinary{std::string(bytes)});
}

void EngineSession::websocket_lost(Link link, Reason reason, EngineActions& out) {
  if (link == Link::candidate) {
    upgrade_ = Upgrade::none;
  } else {
    end(reason, close_packet(), out);
  }
}

void EngineSession::probe(std::string_view text, base::Instant now, EngineActions& out) {
  if (text == "2probe" && upgrade_ == Upgrade::attached) {
    upgrade_ = Upgrade::probed;
    out.push_back(SendFrame{Link::candidate, probe_answer_packet()});
    if (poll_pending_) answer_poll(noop_packet(), out);
  } else if (text == "5") {
    switch_transport(now, out);
  } else {
    drop_candidate(out);
  }
}

void EngineSession::switch_transport(base::Instant now, EngineActions& out) {
  upgrade_ = Upgrade::none;
  transport_ = EngineTransport::websocket;
  out.push_back(Promote{});
  if (poll_pending_) answer_poll(noop_packet(), out);
  // A pong that the client owes now comes by the new way; give it the whole time for that.
  if (heartbeat_ != Heartbeat::idle) heartbeat_at_ = now + limits_->ping_timeout;
  flush(out);
}

/// The client that was to poll for what is left has come by its new way instead.
void EngineSession::drain_to_candidate(EngineActions& out) {
  queue_.pop_back();  // the close packet: here a close frame says it
  for (auto& packet : queue_) out.push_back(SendFrame{Link::candidate, std::move(packet)});
  go(out);
}

void EngineSession::drop_candidate(EngineActions& out) {
  upgrade_ = Upgrade::none;
  out.push_back(CloseWebSocket{Link::candidate, Reason::transport_close});
}

bool EngineSession::admit(base::Instant now, EngineActions& out) {
  if (bucket_.take(limits_->packet_rate, now)) return true;
  end(Reason::rate_limit, close_packet(), out);
  return false;
}

void EngineSession::receive(std::string_view text, base::Instant now, EngineActions& out) {
  if (!open() || !admit(now, out)) return;
  auto packet = decode_engine_packet(text);
  if (!packet) {
    end(Reason::parse_error, close_packet(), out);
    return;
  }
  heard(packet->type, now);
  switch (packet->type) {
    case EngineType::message: receive_message(std::move(*packet), out); return;
    case EngineType::close: end(Reason::transport_close, noop_packet(), out); return;
    // Only servers ping.
    case EngineType::ping: end(Reason::transport_error, close_packet(), out); return;
    case EngineType::pong:
    case EngineType::open:
    case EngineType::upgrade:
    case EngineType::noop: return;
  }
}

void EngineSession::receive_message(EnginePacket packet, EngineActions& out) {
  if (packet.bytes) {
    out.push_back(DeliverBinary{std::move(*packet.bytes)});
  } else {
    out.push_back(DeliverText{packet.text});
  }
}

bool EngineSession::send(const OutboundPacket& packet, EngineActions& out) {
  if (!open()) return false;
  if (transport_ == EngineTransport::websocket && !held()) {
    const bool convert = base64_only_ && packet.is_binary();
    out.push_back(SendFrame{Link::current, convert ? as_base64(packet) : packet});
    return true;
  }
  queue_.push_back(packet);
  queued_bytes_ += packet.payload().size() + packet_overhead_bytes;
  if (poll_pending_) flush(out);
  return true;
}

void EngineSession::hold(base::Instant until) {
  if (transport_ == EngineTransport::websocket) held_until_ = until;
}

void EngineSession::release(EngineActions& out) {
  held_until_ = base::Instant::min();
  flush(out);
}

void EngineSession::flush(EngineActions& out) {
  auto packets = std::exchange(queue_, {});
  queued_bytes_ = 0;
  if (transport_ == EngineTransport::polling) {
    poll_pending_ = false;
    out.push_back(AnswerPoll{std::move(packets)});
    return;
  }
  for (const auto& packet : packets) send(packet, out);
}

void EngineSession::answer_poll(const OutboundPacket& packet, EngineActions& out) {
  poll_pending_ = false;
  out.push_back(AnswerPoll{{packet}});
}

void EngineSession::close(Reason reason, base::Instant now, EngineActions& out) {
  if (!open()) return;
  if (held()) release(out);
  if (transport_ == EngineTransport::websocket || poll_pending_) {
    end(reason, close_packet(), out);
    return;
  }
  // A client that was told to upgrade polls no more: it must find its WebSocket open, or would
  // notice nothing before its ping time-out.
  if (upgrade_ == Upgrade::attached) drop_candidate(out);
  phase_ = Phase::draining;
  phase_until_ = now + limits_->drain_timeout;
  queue_.push_back(close_packet());
  out.push_back(SessionClosed{reason});
}

void EngineSession::end(Reason reason, const OutboundPacket& last, EngineActions& out) {
  if (phase_ == Phase::closed) return;
  const bool announced = phase_ == Phase::draining;
  phase_ = Phase::closed;
  queue_ = {};
  queued_bytes_ = 0;
  if (upgrade_ != Upgrade::none) drop_candidate(out);
  if (poll_pending_) answer_poll(last, out);
  if (std::exchange(post_pending_, false)) out.push_back(AbortPost{});
  if (transport_ == EngineTransport::websocket)
    out.push_back(CloseWebSocket{Link::current, reason});
  if (!announced) out.push_back(SessionClosed{reason});
  out.push_back(SessionGone{});
}

void EngineSession::go(EngineActions& out) {
  phase_ = Phase::closed;
  if (upgrade_ != Upgrade::none) drop_candidate(out);
  queue_ = {};
  queued_bytes_ = 0;
  out.push_back(SessionGone{});
}

}  // namespace rubricon::socketio
