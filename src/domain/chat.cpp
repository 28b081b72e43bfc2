#include <rubricon/domain/chat.hpp>

#include <rubricon/base/assert.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

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

bool wants_answer(const ContextJson& context) {
  if (!context.contains("\"ai\"")) return true;
  boost::system::error_code error;
  const auto value = boost::json::parse(context, error);
  const auto* object = error ? nullptr : value.if_object();
  const auto* ai = object ? object->if_contains("ai") : nullptr;
  const auto* text = ai ? ai->if_string() : nullptr;
  return !(text && *text == "off");
}

std::string with_rubric_version(const std::string& meta, RubricVersion version) {
  boost::json::value value = boost::json::parse(meta);
  value.as_object()["rubricVersion"] = version.value();
  return boost::json::serialize(value);
}

}  // namespace rubricon::domain
