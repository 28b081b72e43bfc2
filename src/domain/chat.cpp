#include <rubricon/domain/chat.hpp>

#include <rubricon/base/assert.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace rubricon::domain {
namespace {

/// Whether the context is an object that says `value` under `key`.
bool says(const ContextJson& context, std::string_view key, std::string_view value) {
  if (!context.contains(key)) return false;
  boost::system::error_code error;
  const auto parsed = boost::json::parse(context, error);
  const auto* object = error ? nullptr : parsed.if_object();
  const auto* found = object ? object->if_contains(key) : nullptr;
  const auto* text = found ? found->if_string() : nullptr;
  return text && *text == value;
}

}  // namespace

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
  return !says(context, "ai", "off");
}

bool wants_proposals(const ContextJson& context) {
  return says(context, "changes", "propose");
}

base::Result<Seq> answered_by(std::optional<Seq> answers, Seq answered, Seq last) {
  if (!answers) return answered;
  if (*answers > last) {
    return base::fail(base::ErrorCode::invalid, "no message has this seq", "no_such_proposal");
  }
  if (*answers <= answered) {
    return base::fail(base::ErrorCode::conflict, "this proposal was answered", "proposal_answered");
  }
  return *answers;
}

std::string with_rubric_version(const std::string& meta, RubricVersion version) {
  boost::json::value value = boost::json::parse(meta);
  value.as_object()["rubricVersion"] = version.value();
  return boost::json::serialize(value);
}

std::string without_proposal(const std::string& meta) {
  // Few have one, and lists have many.
  if (!meta.contains("\"proposal\"")) return meta;
  boost::json::value value = boost::json::parse(meta);
  value.as_object().erase("proposal");
  return boost::json::serialize(value);
}

bool was_stopped(const std::string& meta) {
  boost::system::error_code failed;
  const auto value = boost::json::parse(meta, failed);
  const auto* const object = failed ? nullptr : value.if_object();
  const auto* const stopped = object == nullptr ? nullptr : object->if_contains("stopped");
  return stopped != nullptr && *stopped == boost::json::value(true);
}

}  // namespace rubricon::domain
