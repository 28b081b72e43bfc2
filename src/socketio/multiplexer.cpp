#include <rubricon/socketio/multiplexer.hpp>

#include <rubricon/socketio/packet_encoder.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::socketio {

Multiplexer::Multiplexer(const ProtocolLimits& limits, base::Instant now)
    : limits_(&limits), decoder_(limits.decoder), connect_by_(now + limits.connect_timeout) {}

void Multiplexer::text(std::string_view text, base::Instant now, ProtocolActions& out) {
  if (!ended_) decoded(decoder_.text(text), now, out);
}

void Multiplexer::binary(std::string bytes, base::Instant now, ProtocolActions& out) {
  if (!ended_) decoded(decoder_.binary(std::move(bytes)), now, out);
}

void Multiplexer::decoded(Decoded packet, base::Instant now, ProtocolActions& out) {
  if (!packet) {
    fail(Reason::parse_error, out);
    return;
  }
  if (!decoder_.waiting()) {
    attachments_by_ = base::Instant::max();
  } else if (attachments_by_ == base::Instant::max()) {
    attachments_by_ = now + limits_->attachment_timeout;
  }
  if (*packet) receive(std::move(**packet), now, out);
}

void Multiplexer::receive(Packet packet, base::Instant now, ProtocolActions& out) {
  const auto stay = find(packet.nsp);
  const bool connects = packet.type == PacketType::connect;
  if (connects && stay == stays_.end()) {
    connect(std::move(packet), out);
  } else if (connects || packet.type == PacketType::connect_error || stay == stays_.end()) {
    fail(Reason::forced_server_close, out);
  } else {
    receive_in(*stay, std::move(packet), now, out);
  }
}

void Multiplexer::connect(Packet packet, ProtocolActions& out) {
  if (stays_.size() >= limits_->namespaces_max) {
    out.push_back(SendPacket{encode_connect_error(packet.nsp, "Too many namespaces", nullptr)});
    return;
  }
  const Slot slot = next_slot_++;
  stays_.push_back(Stay{slot, packet.nsp, std::make_unique<Pending>()});
  out.push_back(AskAdmission{slot, std::move(packet.nsp), std::move(packet.auth)});
}

void Multiplexer::receive_in(Stay& stay, Packet packet, base::Instant now, ProtocolActions& out) {
  const Slot slot = stay.slot;
  if (packet.type == PacketType::disconnect) {
    const bool joined = stay.pending == nullptr;
    remove(find(slot), now);
    if (joined) out.push_back(Left{slot, Reason::client_namespace_disconnect});
    if (!joined) out.push_back(CancelAdmission{slot});
    return;
  }
  if (!stay.pending) {
    out.push_back(DeliverPacket{slot, std::move(packet)});
    return;
  }
  auto& pending = *stay.pending;
  pending.bytes += packet.bytes;
  pending.packets.push_back(std::move(packet));
  if (pending.packets.size() > limits_->pending_packets_max ||
      pending.bytes > limits_->pending_bytes_max) {
    fail(Reason::rate_limit, out);
  }
}

void Multiplexer::accept(Slot slot, ProtocolActions& out) {
  const auto stay = find(slot);
  if (ended_ || stay == stays_.end() || !stay->pending) return;
  connect_by_ = base::Instant::max();
  const auto pending = std::exchange(stay->pending, nullptr);
  out.push_back(Joined{slot});
  for (auto& packet : pending->packets) out.push_back(DeliverPacket{slot, std::move(packet)});
}

void Multiplexer::refuse(Slot slot, std::string_view message, const boost::json::value& data,
                         ProtocolActions& out) {
  const auto stay = find(slot);
  if (ended_ || stay == stays_.end() || !stay->pending) return;
  out.push_back(SendPacket{encode_connect_error(stay->nsp, message, data)});
  // Not `remove`: a refusal neither ends nor renews the wait for a namespace.
  stays_.erase(stay);
}

void Multiplexer::leave(Slot slot, base::Instant now, ProtocolActions& out) {
  const auto stay = find(slot);
  if (ended_ || stay == stays_.end() || stay->pending) return;
  out.push_back(SendPacket{encode_disconnect(stay->nsp)});
  remove(stay, now);
  out.push_back(Left{slot, Reason::server_namespace_disconnect});
}

void Multiplexer::leave_all(ProtocolActions& out) {
  if (ended_) return;
  for (const auto& stay : stays_) {
    if (!stay.pending) out.push_back(SendPacket{encode_disconnect(stay.nsp)});
  }
  fail(Reason::forced_server_close, out);
}

void Multiplexer::transport_closed(Reason reason, ProtocolActions& out) {
  ended_ = true;
  connect_by_ = attachments_by_ = base::Instant::max();
  for (const auto& stay : std::exchange(stays_, {})) {
    if (stay.pending) out.push_back(CancelAdmission{stay.slot});
    if (!stay.pending) out.push_back(Left{stay.slot, reason});
  }
}

base::Instant Multiplexer::deadline() const {
  return std::min(connect_by_, attachments_by_);
}

void Multiplexer::on_time(base::Instant now, ProtocolActions& out) {
  if (ended_) return;
  if (now >= connect_by_) {
    fail(Reason::forced_close, out);
  } else if (now >= attachments_by_) {
    fail(Reason::parse_error, out);
  }
}

void Multiplexer::fail(Reason reason, ProtocolActions& out) {
  ended_ = true;
  connect_by_ = attachments_by_ = base::Instant::max();
  out.push_back(EndTransport{reason});
}

Multiplexer::Stays::iterator Multiplexer::find(Slot slot) {
  return std::ranges::find(stays_, slot, &Stay::slot);
}

Multiplexer::Stays::iterator Multiplexer::find(std::string_view nsp) {
  return std::ranges::find(stays_, nsp, &Stay::nsp);
}

bool Multiplexer::joined_any() const {
  return std::ranges::any_of(stays_, [](const Stay& stay) { return !stay.pending; });
}

void Multiplexer::remove(Stays::iterator stay, base::Instant now) {
  const bool joined = !stay->pending;
  stays_.erase(stay);
  if (joined && !joined_any()) connect_by_ = now + limits_->connect_timeout;
}

}  // namespace rubricon::socketio
