#include <rubricon/domain/event_data.hpp>

#include <fmt/format.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace rubricon::domain {
namespace {

/// A text in an object; empty where it is something else or missing.
std::string text_in(std::string_view object, std::string_view name) {
  boost::system::error_code failed;
  const auto data = boost::json::parse(object, failed);
  const auto* fields = failed ? nullptr : data.if_object();
  const auto* text = fields ? fields->if_contains(name) : nullptr;
  return text && text->is_string() ? std::string(text->get_string()) : std::string();
}

}  // namespace

std::string json_string(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

std::string chat_created_data(const Chat& chat) {
  return fmt::format(R"({{"title":{},"context":{},"userId":"{}","at":"{}"}})",
                     json_string(chat.title), chat.context, chat.owner.to_string(),
                     base::format_time(chat.created_at));
}

std::string chat_renamed_data(const Chat& chat, std::optional<UserId> by) {
  const std::string user = by ? fmt::format(R"(,"userId":"{}")", by->to_string()) : "";
  return fmt::format(R"({{"title":{},"context":{}{}}})", json_string(chat.title), chat.context,
                     user);
}

std::string by_user_data(UserId by) {
  return fmt::format(R"({{"userId":"{}"}})", by.to_string());
}

std::string member_added_data(const Member& member) {
  return fmt::format(R"({{"userId":"{}","name":{},"email":{},"role":"{}"}})",
                     member.user.to_string(), json_string(member.name), json_string(member.email),
                     to_string(member.role));
}

std::string member_removed_data(UserId member) {
  return by_user_data(member);
}

std::string message_created_data(const Message& message) {
  std::string data =
      fmt::format(R"({{"id":"{}","role":"{}")", message.id.to_string(), to_string(message.role));
  auto out = std::back_inserter(data);
  if (message.user) fmt::format_to(out, R"(,"userId":"{}")", message.user->to_string());
  fmt::format_to(out, R"(,"content":{},"time":"{}")", json_string(message.content),
                 base::format_time(message.created_at));
  if (message.reply_to) fmt::format_to(out, R"(,"replyTo":{})", message.reply_to->value());
  if (!message.client_id.empty()) {
    fmt::format_to(out, R"(,"clientId":{})", json_string(message.client_id));
  }
  if (message.meta != "{}") fmt::format_to(out, R"(,"meta":{})", message.meta);
  data += '}';
  return data;
}

std::string message_updated_data(const Message& message) {
  return fmt::format(R"({{"id":"{}","content":{},"editedAt":"{}"}})", message.id.to_string(),
                     json_string(message.content),
                     base::format_time(message.edited_at.value_or(message.created_at)));
}

std::string message_deleted_data(MessageId message) {
  return fmt::format(R"({{"id":"{}"}})", message.to_string());
}

std::string answer_failed_data(JobId job, Seq prompt, std::string_view reason) {
  return fmt::format(R"({{"jobId":"{}","replyTo":{},"reason":{}}})", job.to_string(),
                     prompt.value(), json_string(reason));
}

std::string rubric_updated_data(const RubricRecord& record) {
  const std::string user =
      record.user ? fmt::format(R"("userId":"{}",)", record.user->to_string()) : "";
  const std::string answered =
      record.answered > Seq() ? fmt::format(R"("answered":{},)", record.answered.value()) : "";
  return fmt::format(R"({{"version":{},"by":"{}",{}"at":"{}",{}"rubric":{}}})",
                     record.version.value(), to_string(record.by), user,
                     base::format_time(record.updated_at), answered, record.document);
}

std::string chat_added_data(ChatId chat, MemberRole role) {
  return fmt::format(R"({{"chatId":"{}","role":"{}"}})", chat.to_string(), to_string(role));
}

std::string chat_removed_data(ChatId chat) {
  return fmt::format(R"({{"chatId":"{}"}})", chat.to_string());
}

std::string session_revoked_data(SessionId session) {
  return fmt::format(R"({{"sessionId":"{}"}})", session.to_string());
}

std::optional<SessionId> revoked_session(const Event& event) {
  if (event.type != EventType::session_revoked) return std::nullopt;
  return SessionId::parse(text_in(event.data, "sessionId"));
}

std::string failure_reason(std::string_view data) {
  return text_in(data, "reason");
}

}  // namespace rubricon::domain
