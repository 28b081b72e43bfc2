#include <rubricon/socketio_server/namespace_state.hpp>

#include <rubricon/socketio_server/server_state.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::socketio_server {

NamespaceState::NamespaceState(ServerState& server_, std::string name_)
    : server(&server_), name(std::move(name_)) {
  const auto& options = server_.options.recovery;
  if (options.enabled) recovery.emplace(options.limits);
}

void NamespaceState::add(const SocketPtr& socket) {
  if (free_.empty()) {
    free_.push_back(static_cast<Member>(members_.size()));
    members_.emplace_back();
  }
  const Member member = free_.back();
  free_.pop_back();
  socket->member_ = member;
  members_[member] = socket;
  by_id_.emplace(socket->id(), member);
}

void NamespaceState::remove(Socket& socket) {
  const Member member = socket.member_;
  rooms.leave_all(member);
  by_id_.erase(socket.id());
  pids.erase(member);
  socket.member_ = no_member;
  auto held = std::exchange(members_[member], nullptr);
  if (iterating_ > 0) {
    removed_.emplace_back(member, std::move(held));
  } else {
    free_.push_back(member);
  }
}

SocketPtr NamespaceState::find(std::string_view socket_id) const {
  const auto found = by_id_.find(socket_id);
  return found == by_id_.end() ? nullptr : members_[found->second];
}

bool NamespaceState::join(Socket& socket, std::string_view room) {
  if (contains(socket, room)) return true;
  if (rooms.room_count(socket.member_) >= server->options.rooms_per_socket_max) return false;
  rooms.join(socket.member_, room);
  return true;
}

bool NamespaceState::contains(const Socket& socket, std::string_view room) const {
  return room == socket.id() || rooms.contains(socket.member_, room);
}

void NamespaceState::mark(std::string_view room, std::vector<Member>* marked) {
  const auto add = [&](Member member) {
    if (marks_[member] == selection_) return;
    marks_[member] = selection_;
    if (marked != nullptr) marked->push_back(member);
  };
  std::ranges::for_each(rooms.members(room), add);
  if (const auto own = by_id_.find(room); own != by_id_.end()) add(own->second);
}

std::vector<NamespaceState::Member> NamespaceState::select(const std::vector<std::string>& to,
                                                           const std::vector<std::string>& except) {
  marks_.resize(members_.size());
  if (++selection_ == 0) {
    std::ranges::fill(marks_, 0u);
    selection_ = 1;
  }
  std::vector<Member> selected;
  for (const auto& room : except) mark(room, nullptr);
  for (const auto& room : to) mark(room, &selected);
  if (!to.empty()) return selected;
  for (Member member = 0; member < members_.size(); ++member) {
    if (members_[member] && marks_[member] != selection_) selected.push_back(member);
  }
  return selected;
}

void NamespaceState::each(const std::vector<Member>& members,
                          const std::function<void(Socket&)>& action) {
  ++iterating_;
  for (const Member member : members) {
    if (members_[member]) action(*members_[member]);
  }
  if (--iterating_ > 0) return;
  for (auto& [member, socket] : std::exchange(removed_, {})) free_.push_back(member);
}

}  // namespace rubricon::socketio_server
