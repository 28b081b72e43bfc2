/// All that a run is made of beside what the system does: who is there, what they do, what goes
/// wrong. Drawn from the seed before anything happens, so that it can be read, and run again with
/// parts of it left out.
#pragma once

#include <rubricon/domain/chat.hpp>
#include <rubricon/sim/plan.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rubricon::sim {

/// People, chats and devices are named by their index everywhere, also where some are left out.
struct ChatPart {
  struct Member {
    std::size_t person;
    domain::MemberRole role;
  };

  std::string name;       ///< "chat-1"
  std::size_t owner = 0;  ///< a person
  std::vector<Member> others;
  bool answered = true;  ///< by the assistant
  bool in = true;        ///< where not, nobody follows it
};

bool is_member(const ChatPart& chat, std::size_t person);

struct DevicePart {
  std::string name;  ///< "ann/2"
  std::size_t person = 0;
  bool in = true;  ///< where not, it never comes
};

enum class ActKind { opens, closes, writes, removes_member, signs_out };

struct Act {
  ActKind kind;
  At at{};
  std::size_t device = 0;  ///< who; not of removes_member, which the chat's owner does
  std::size_t chat = 0;    ///< where, of writes and removes_member
  std::size_t person = 0;  ///< whom, of removes_member
  int number = 0;          ///< of a message, among those of its device in its chat
  /// After `closes` it opens again, after `removes_member` they are let in again.
  std::optional<At> back_after;
};

struct Script {
  std::uint64_t seed = 0;
  std::vector<std::string> people;
  std::vector<ChatPart> chats;
  std::vector<DevicePart> devices;
  std::vector<Fault> faults;
  std::vector<Act> acts;  ///< by time
};

Script draw_script(std::uint64_t seed);

/// What can be left out, numbered: faults, chats, devices, acts. Ascending.
using Parts = std::vector<std::size_t>;

Parts all_parts(const Script& script);
/// The same script with these parts alone; what a device does goes with the device, and what
/// happens in a chat with the chat. Its chance stays that of the seed.
Script only(Script script, const Parts& parts);
/// Without the acts that `only` leaves out for want of their device or chat.
Parts without_orphans(const Script& script, const Parts& parts);

/// "0-3,7", and back; nothing where it is not that.
std::string to_text(const Parts& parts);
std::optional<Parts> parse_parts(std::string_view text);

std::string to_text(const Script& script, const Act& act);

}  // namespace rubricon::sim
