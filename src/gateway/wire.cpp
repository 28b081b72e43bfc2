#include <rubricon/gateway/wire.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace rubricon::gateway::wire {
namespace {

namespace json = boost::json;
using base::ErrorCode;

base::Result<std::string> text_field(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (!value || value->is_null()) return std::string();
  if (const auto* text = value->if_string()) return std::string(*text);
  return base::fail(ErrorCode::invalid, std::string(name) + " must be a string", "invalid_type");
}

base::Result<std::optional<std::int64_t>> number_field(const json::object& object,
                                                       std::string_view name, std::int64_t min) {
  const auto* value = object.if_contains(name);
  if (!value || value->is_null()) return std::nullopt;
  json::error_code failed;
  const auto number = value->to_number<std::int64_t>(failed);
  if (failed || number < min) {
    return base::fail(ErrorCode::invalid,
                      std::string(name) + " must be an integer from " + std::to_string(min),
                      "invalid_type");
  }
  return number;
}

base::Result<std::string> required_text(const json::object& object, std::string_view name) {
  if (!object.contains(name)) {
    return base::fail(ErrorCode::invalid, std::string(name) + " is required", "missing_field");
  }
  if (const auto* text = object.at(name).if_string()) return std::string(*text);
  return base::fail(ErrorCode::invalid, std::string(name) + " must be a string", "invalid_type");
}

std::string id_in(std::string_view payload, std::string_view name) {
  json::error_code failed;
  const auto value = json::parse(payload, failed);
  if (failed || !value.is_object()) return {};
  return text_field(value.get_object(), name).value_or(std::string());
}

}  // namespace

base::Result<Join> parse_join(const json::value& argument, std::string_view id_field) {
  if (const auto* id = argument.if_string()) return Join{std::string(*id), {}};
  const auto* object = argument.if_object();
  if (!object)
    return base::fail(ErrorCode::invalid, "an id or an object is needed", "invalid_type");
  Join join;
  auto id = text_field(*object, id_field);
  if (!id) return std::unexpected(id.error());
  if (id->empty()) {
    return base::fail(ErrorCode::invalid, std::string(id_field) + " is missing", "missing_field");
  }
  join.id = std::move(*id);
  const auto epoch = number_field(*object, "epoch", 0);
  if (!epoch) return std::unexpected(epoch.error());
  const auto after = number_field(*object, "after", 0);
  if (!after) return std::unexpected(after.error());
  // Epoch 0 is "I do not know": a client that has never joined.
  if (*epoch && **epoch > 0) join.from.epoch = domain::Epoch(**epoch);
  if (*after) join.from.after = domain::Seq(**after);
  return join;
}

base::Result<domain::ChatId> parse_chat(const json::value& argument) {
  const auto join = parse_join(argument, "chatId");
  if (!join) return std::unexpected(join.error());
  if (const auto id = domain::ChatId::parse(join->id)) return *id;
  return base::fail(ErrorCode::not_found, "no such chat");
}

base::Result<SendMessage> parse_send(const json::value& argument) {
  const auto* object = argument.if_object();
  if (!object) return base::fail(ErrorCode::invalid, "an object is needed", "invalid_type");
  SendMessage message;
  struct Field {
    std::string_view name;
    std::string* target;
    base::Result<std::string> (*read)(const json::object&, std::string_view);
  };
  std::string role;
  const Field fields[] = {{"chatId", &message.chat_id, required_text},
                          {"content", &message.content, required_text},
                          {"userId", &message.user_id, text_field},
                          {"clientId", &message.client_id, text_field},
                          {"role", &role, text_field}};
  for (const auto& [name, target, read] : fields) {
    auto text = read(*object, name);
    if (!text) return std::unexpected(std::move(text.error()));
    *target = std::move(*text);
  }
  // Other people's fields harm nobody; this one claims to be somebody else.
  if (!role.empty() && role != "USER") {
    return base::fail(ErrorCode::invalid, "role is not a field of this request", "unknown_field");
  }
  return message;
}

std::string parse_token(const json::value& argument, std::size_t bytes_max) {
  const auto* object = argument.if_object();
  const auto* value = object ? object->if_contains("token") : nullptr;
  const auto* token = value ? value->if_string() : nullptr;
  return token && token->size() <= bytes_max ? std::string(*token) : std::string();
}

json::object error_ack(const base::Error& error) {
  json::object inner;
  inner["code"] = error.reason.empty() ? base::to_string(error.code) : error.reason.c_str();
  inner["message"] = error.detail;
  json::object ack;
  ack["error"] = std::move(inner);
  return ack;
}

json::object ok_ack() {
  json::object ack;
  ack["ok"] = true;
  return ack;
}

json::object join_ack(domain::Position head, Resync resync) {
  json::object ack = ok_ack();
  ack["epoch"] = head.epoch.value();
  ack["head"] = head.seq.value();
  if (resync == Resync::yes) ack["resync"] = true;
  return ack;
}

json::object sent_ack(const ports::PostedMessage& posted) {
  json::object ack = ok_ack();
  ack["id"] = posted.id.to_string();
  ack["seq"] = posted.position.seq.value();
  return ack;
}

std::string ai_delta(const ports::RunningAnswer& answer) {
  json::object payload;
  payload["chatId"] = answer.chat.to_string();
  payload["jobId"] = answer.job.to_string();
  payload["replyTo"] = answer.reply_to.value();
  payload["attempt"] = answer.attempt;
  payload["off"] = 0;
  payload["text"] = answer.text;
  return json::serialize(payload);
}

std::string typing(domain::ChatId chat, domain::UserId user) {
  json::object payload;
  payload["chatId"] = chat.to_string();
  payload["userId"] = user.to_string();
  return json::serialize(payload);
}

std::string presence(domain::ChatId chat, const std::vector<domain::UserId>& users) {
  json::array ids;
  for (const auto user : users) ids.emplace_back(user.to_string());
  json::object payload;
  payload["chatId"] = chat.to_string();
  payload["userIds"] = std::move(ids);
  return json::serialize(payload);
}

std::string chat_updated(const ports::ChatSummary& line) {
  json::object payload;
  payload["chatId"] = line.chat.id.to_string();
  payload["title"] = line.chat.title;
  payload["updatedAt"] = base::format_time(line.chat.updated_at);
  payload["unread"] = line.unread;
  if (line.last_message) {
    json::object last;
    last["id"] = line.last_message->id.to_string();
    last["role"] = domain::to_string(line.last_message->role);
    last["content"] = line.last_message->content;
    last["time"] = base::format_time(line.last_message->created_at);
    payload["lastMessage"] = std::move(last);
  } else {
    payload["lastMessage"] = nullptr;
  }
  return json::serialize(payload);
}

std::string heads(const std::map<domain::ChatId, domain::Seq>& heads) {
  json::object payload;
  for (const auto& [chat, seq] : heads) payload[chat.to_string()] = seq.value();
  return json::serialize(payload);
}

std::string draining(base::Milliseconds after) {
  json::object payload;
  payload["afterMs"] = after.count();
  return json::serialize(payload);
}

std::string closing(CloseReason reason) {
  json::object payload;
  payload["code"] = code(reason);
  payload["comeBack"] = come_back(reason) == ComeBack::yes;
  return json::serialize(payload);
}

std::optional<domain::UserId> typing_user(std::string_view payload) {
  return domain::UserId::parse(id_in(payload, "userId"));
}

}  // namespace rubricon::gateway::wire
