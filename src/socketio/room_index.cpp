#include <rubricon/socketio/room_index.hpp>

#include <rubricon/base/assert.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::socketio {
namespace {

/// Order does not matter in either direction, so the last takes the place of the removed.
template <typename T>
bool remove_unordered(std::vector<T>& items, const T& item) {
  const auto found = std::ranges::find(items, item);
  if (found == items.end()) return false;
  *found = items.back();
  items.pop_back();
  return true;
}

}  // namespace

bool RoomIndex::join(Member member, std::string_view room) {
  if (by_member_.size() <= member) by_member_.resize(member + 1);
  if (contains(member, room)) return false;
  auto found = rooms_.find(room);
  if (found == rooms_.end()) found = rooms_.emplace(std::string(room), Room{}).first;
  found->second.members.push_back(member);
  by_member_[member].push_back(&*found);
  return true;
}

bool RoomIndex::leave(Member member, std::string_view room) {
  const auto found = rooms_.find(room);
  if (found == rooms_.end() || member >= by_member_.size()) return false;
  if (!remove_unordered(by_member_[member], &*found)) return false;
  remove_member(&*found, member);
  return true;
}

void RoomIndex::leave_all(Member member) {
  if (member >= by_member_.size()) return;
  for (Entry* room : std::exchange(by_member_[member], {})) remove_member(room, member);
}

void RoomIndex::remove_member(Entry* room, Member member) {
  RUBRICON_ASSERT(remove_unordered(room->second.members, member));
  if (room->second.members.empty()) rooms_.erase(rooms_.find(room->first));
}

bool RoomIndex::contains(Member member, std::string_view room) const {
  if (member >= by_member_.size()) return false;
  return std::ranges::any_of(by_member_[member],
                             [&](const Entry* entry) { return entry->first == room; });
}

std::span<const RoomIndex::Member> RoomIndex::members(std::string_view room) const {
  const auto found = rooms_.find(room);
  if (found == rooms_.end()) return {};
  return found->second.members;
}

std::vector<std::string> RoomIndex::rooms_of(Member member) const {
  std::vector<std::string> names;
  if (member >= by_member_.size()) return names;
  for (const Entry* room : by_member_[member]) names.push_back(room->first);
  return names;
}

std::size_t RoomIndex::room_count(Member member) const {
  return member < by_member_.size() ? by_member_[member].size() : 0;
}

std::vector<std::string> RoomIndex::rooms() const {
  std::vector<std::string> names;
  names.reserve(rooms_.size());
  for (const auto& [name, room] : rooms_) names.push_back(name);
  return names;
}

}  // namespace rubricon::socketio
