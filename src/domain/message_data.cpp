#include <rubricon/domain/message_data.hpp>

#include <rubricon/domain/event_data.hpp>

#include <fmt/format.h>
#include <boost/json.hpp>

#include <iterator>

namespace rubricon::domain {
namespace {

namespace json = boost::json;

std::optional<std::string> text(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

std::optional<std::int64_t> number(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return value->get_int64();
}

template <typename Id>
std::optional<Id> id(const json::object& object, const char* name) {
  const auto found = text(object, name);
  return found ? Id::parse(*found) : std::nullopt;
}

std::optional<base::Time> time(const json::object& object, const char* name) {
  const auto found = text(object, name);
  return found ? base::parse_time(*found) : std::nullopt;
}

}  // namespace

std::string message_data(const Message& message) {
  auto data = message_created_data(message);
  data.pop_back();
  auto out = std::back_inserter(data);
  fmt::format_to(out, R"(,"seq":{})", message.seq.value());
  if (message.edited_at) {
    fmt::format_to(out, R"(,"editedAt":"{}")", base::format_time(*message.edited_at));
  }
  data += '}';
  return data;
}

std::optional<Message> parse_message_data(ChatId chat, std::string_view data,
                                          std::optional<Seq> seq) {
  boost::system::error_code error;
  const auto value = json::parse({data.data(), data.size()}, error);
  if (error || !value.is_object()) return std::nullopt;
  const auto& object = value.get_object();
  const auto message_id = id<MessageId>(object, "id");
  const auto role = parse_message_role(text(object, "role").value_or(""));
  auto content = text(object, "content");
  const auto created_at = time(object, "time");
  const auto place = seq ? seq->value() : number(object, "seq").value_or(0);
  if (!message_id || !role || !content || !created_at || place <= 0) return std::nullopt;
  Message message{.chat = chat,
                  .seq = Seq(place),
                  .id = *message_id,
                  .role = *role,
                  .user = id<UserId>(object, "userId"),
                  .content = std::move(*content),
                  .reply_to = {},
                  .client_id = text(object, "clientId").value_or(""),
                  .created_at = *created_at,
                  .edited_at = time(object, "editedAt")};
  if (const auto prompt = number(object, "replyTo")) message.reply_to = Seq(*prompt);
  const auto* meta = object.if_contains("meta");
  if (meta != nullptr && meta->is_object()) message.meta = json::serialize(*meta);
  return message;
}

}  // namespace rubricon::domain
