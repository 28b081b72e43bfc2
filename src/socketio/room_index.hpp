/// Which members are in which rooms. A room exists while it has a member.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rubricon::socketio {

/// Hashes names for look-ups by view.
struct NameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const noexcept {
    return std::hash<std::string_view>()(name);
  }
};

/// Members are small numbers (slots of a table). Costs per member: a vector of pointers. Joining is
/// constant time; leaving is linear in the room, over 4 bytes a member.
class RoomIndex {
 public:
  using Member = std::uint32_t;

  /// False when the member was in the room already.
  bool join(Member member, std::string_view room);
  /// False when it was not.
  bool leave(Member member, std::string_view room);
  void leave_all(Member member);

  bool contains(Member member, std::string_view room) const;
  /// In no particular order; valid until the next change.
  std::span<const Member> members(std::string_view room) const;
  std::vector<std::string> rooms_of(Member member) const;
  std::size_t room_count(Member member) const;
  std::vector<std::string> rooms() const;

 private:
  struct Room {
    std::vector<Member> members;
  };
  using Rooms = std::unordered_map<std::string, Room, NameHash, std::equal_to<>>;
  using Entry = Rooms::value_type;  ///< its address is stable

  void remove_member(Entry* room, Member member);

  Rooms rooms_;
  std::vector<std::vector<Entry*>> by_member_;
};

}  // namespace rubricon::socketio
