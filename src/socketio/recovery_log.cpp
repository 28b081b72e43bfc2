#include <rubricon/socketio/recovery_log.hpp>

#include <rubricon/socketio/packet_encoder.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace rubricon::socketio {
namespace {

std::optional<std::uint64_t> parse_offset(std::string_view text) {
  std::uint64_t offset = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return offset;
}

bool contains(const std::vector<std::string>& rooms, const std::string& room) {
  return std::ranges::find(rooms, room) != rooms.end();
}

/// A socket is always in the room named by its id.
bool is_for(const Audience& audience, const RecoverySession& session) {
  const auto in = [&](const std::string& room) {
    return room == session.sid || contains(session.rooms, room);
  };
  if (std::ranges::any_of(audience.except, in)) return false;
  return audience.rooms.empty() || std::ranges::any_of(audience.rooms, in);
}

}  // namespace

EncodedEvent RecoveryLog::record(const EncodedEvent& event, Audience audience, base::Instant now) {
  auto sent = with_offset(event, std::to_string(++last_offset_));
  std::size_t bytes = 0;
  for (const auto& packet : sent.packets()) bytes += packet.payload().size();
  bytes_ += bytes;
  packets_.push_back({last_offset_, now, sent, std::move(audience), bytes});
  prune(now);
  return sent;
}

void RecoveryLog::save(RecoverySession session, base::Instant now) {
  if (const auto old = by_pid_.find(session.pid); old != by_pid_.end()) {
    sessions_.erase(old->second);
    by_pid_.erase(old);
  }
  auto pid = session.pid;
  sessions_.push_back({std::move(session), now});
  by_pid_.emplace(std::move(pid), std::prev(sessions_.end()));
  prune(now);
}

std::optional<RecoveryLog::Restored> RecoveryLog::restore(std::string_view pid,
                                                          std::string_view offset,
                                                          base::Instant now) {
  prune(now);
  const auto found = by_pid_.find(pid);
  const auto from = parse_offset(offset);
  if (found == by_pid_.end() || !from || *from > last_offset_) return std::nullopt;
  // Everything after the client's last event must still be here.
  const auto oldest = packets_.empty() ? last_offset_ + 1 : packets_.front().offset;
  if (*from + 1 < oldest) return std::nullopt;
  Restored restored{std::move(found->second->session), {}};
  sessions_.erase(found->second);
  by_pid_.erase(found);
  for (const auto& recorded : packets_) {
    if (recorded.offset > *from && is_for(recorded.audience, restored.session)) {
      restored.missed.push_back(recorded.event);
    }
  }
  return restored;
}

void RecoveryLog::prune(base::Instant now) {
  const auto expired = [&](base::Instant at) { return at + limits_.disconnection_max <= now; };
  while (!packets_.empty() && (expired(packets_.front().at) || bytes_ > limits_.bytes_max ||
                               packets_.size() > limits_.packets_max)) {
    bytes_ -= packets_.front().bytes;
    packets_.pop_front();
  }
  while (!sessions_.empty() &&
         (expired(sessions_.front().at) || sessions_.size() > limits_.sessions_max)) {
    by_pid_.erase(by_pid_.find(sessions_.front().session.pid));
    sessions_.pop_front();
  }
}

}  // namespace rubricon::socketio
