/// Chats, who is in them, and what is said.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/base/time.hpp>
#include <rubricon/domain/ids.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::domain {

enum class MemberRole { viewer, editor, owner };
enum class MessageRole { user, ai };

/// Wire spellings: "viewer", "editor", "owner"; "USER", "AI".
const char* to_string(MemberRole role) noexcept;
const char* to_string(MessageRole role) noexcept;
std::optional<MemberRole> parse_member_role(std::string_view text);
std::optional<MessageRole> parse_message_role(std::string_view text);

/// Editors and owners write; viewers read. Only owners manage members and delete the chat.
constexpr bool may_write(MemberRole role) {
  return role != MemberRole::viewer;
}
constexpr bool may_manage(MemberRole role) {
  return role == MemberRole::owner;
}

inline constexpr std::size_t members_max = 100;

struct Member {
  UserId user;
  std::string email;
  std::string name;
  MemberRole role = MemberRole::viewer;

  bool operator==(const Member&) const = default;
};

/// What a teacher tells about the work to be graded; JSON object text, ≤ 8 KiB, "{}" by default.
using ContextJson = std::string;

/// False where the AI is to keep out of a chat: its context says `"ai": "off"`. True where
/// the context cannot be read.
bool wants_answer(const ContextJson& context);
/// Whether the AI may only propose changes of the rubric: its context says `"changes": "propose"`.
bool wants_proposals(const ContextJson& context);

struct Chat {
  ChatId id;
  UserId owner;
  std::string title;
  ContextJson context = "{}";
  Epoch epoch;
  Seq last_seq;
  base::Time created_at;
  base::Time updated_at;

  bool operator==(const Chat&) const = default;
};

struct Message {
  ChatId chat;
  Seq seq;
  MessageId id;
  MessageRole role = MessageRole::user;
  std::optional<UserId> user;  ///< empty for the AI
  std::string content;
  std::optional<Seq> reply_to;  ///< for an answer: the prompt's seq
  std::string client_id;        ///< what the sender knows it by; empty for the AI
  std::string meta = "{}";      ///< JSON object text
  base::Time created_at;
  std::optional<base::Time> edited_at;

  bool operator==(const Message&) const = default;
};

/// An answer's `meta`, which is JSON object text, with `rubricVersion`. Throws where it
/// is no object.
std::string with_rubric_version(const std::string& meta, RubricVersion version);
/// An answer's `meta` without the document that it proposes, for those who only name the answer.
std::string without_proposal(const std::string& meta);
/// Whether somebody stopped the answer with this `meta`.
bool was_stopped(const std::string& meta);

/// One version of a chat's rubric document.
struct RubricRecord {
  RubricVersion version;
  std::string document;  ///< JSON object text, normalised by domain::Rubric
  MessageRole by = MessageRole::user;
  std::optional<UserId> user;
  base::Time updated_at;
  /// Up to this message of the AI its proposals have been answered, by this version or before; 0
  /// where none was.
  Seq answered{};
};

/// RubricRecord::answered of the version after one with `answered`, which itself answers the
/// proposals up to the message `answers`, if any, in a chat whose newest event is `last`. Each
/// proposal is answered once: conflict/"proposal_answered" where somebody was faster;
/// invalid/"no_such_proposal" past `last`.
base::Result<Seq> answered_by(std::optional<Seq> answers, Seq answered, Seq last);

}  // namespace rubricon::domain
