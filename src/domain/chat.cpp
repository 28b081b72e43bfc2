#include <rubricon/domain/chat.hpp>

#include <rubricon/base/assert.hpp>

namespace rubricon::domain {

const char* to_string(MemberRole role) noexcept {
  switch (role) {
    case MemberRole::viewer: return "viewer";
    case MemberRole::editor: return "editor";
    case MemberRole::owner: return "owner";
  }
  base::assertion_failed("a known MemberRole", __FILE__, __LINE__);
}

const char* to_string(MessageRole role) noexcept {
  return role == MessageRole::ai ? "AI" : "USER";
}

std::optional<MemberRole> parse_member_role(std::string_view text) {
  if (text == "viewer") return MemberRole::viewer;
  if (text == "editor") return MemberRole::editor;
  if (text == "owner") return MemberRole::owner;
  return std::nullopt;
}

std::optional<MessageRole> parse_message_role(std::string_view text) {
  if (text == "USER") return MessageRole::user;
  if (text == "AI") return MessageRole::ai;
  return std::nullopt;
}

}  // namespace rubricon::domain
