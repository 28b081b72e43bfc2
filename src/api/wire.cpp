#include <rubricon/api/wire.hpp>

namespace rubricon::api {
namespace {

/// The members that a chat in a list and a chat on its page have in common.
void write_chat_members(JsonText& json, const ports::ChatSummary& summary) {
  const auto& chat = summary.chat;
  json.key("id").text(chat.id.to_string()).key("title").text(chat.title);
  json.key("context").raw(chat.context).key("role").text(domain::to_string(summary.role));
  json.key("pinned").truth(summary.pinned).key("unread").number(summary.unread);
  json.key("epoch").number(chat.epoch.value()).key("head").number(chat.last_seq.value());
  json.key("createdAt").text(base::format_time(chat.created_at));
  json.key("updatedAt").text(base::format_time(chat.updated_at));
}

}  // namespace

void write_user(JsonText& json, const domain::User& user) {
  json.begin_object().key("id").text(user.id.to_string()).key("email").text(user.email);
  json.key("name").text(user.name).key("role").text(domain::to_string(user.role));
  json.key("locale").text(domain::to_string(user.locale)).end_object();
}

void write_member(JsonText& json, const domain::Member& member) {
  json.begin_object().key("userId").text(member.user.to_string());
  json.key("email").text(member.email).key("name").text(member.name);
  json.key("role").text(domain::to_string(member.role)).end_object();
}

void write_message(JsonText& json, const domain::Message& message) {
  json.begin_object().key("id").text(message.id.to_string());
  json.key("seq").number(message.seq.value()).key("role").text(domain::to_string(message.role));
  if (message.user) json.key("userId").text(message.user->to_string());
  json.key("content").text(message.content);
  json.key("time").text(base::format_time(message.created_at));
  if (message.reply_to) json.key("replyTo").number(message.reply_to->value());
  if (!message.client_id.empty()) json.key("clientId").text(message.client_id);
  if (message.meta != "{}" && !message.meta.empty()) json.key("meta").raw(message.meta);
  if (message.edited_at) json.key("editedAt").text(base::format_time(*message.edited_at));
  json.end_object();
}

void write_summary(JsonText& json, const ports::ChatSummary& summary) {
  json.begin_object();
  write_chat_members(json, summary);
  json.key("msgs").begin_array();
  if (summary.last_message) {
    auto message = *summary.last_message;
    message.meta = domain::without_proposal(message.meta);
    write_message(json, message);
  }
  json.end_array().end_object();
}

void write_view(JsonText& json, const ports::ChatView& view,
                const std::vector<domain::Message>& messages) {
  json.begin_object();
  write_chat_members(json, view.summary);
  json.key("members").begin_array();
  for (const auto& member : view.members) write_member(json, member);
  json.end_array().key("msgs").begin_array();
  for (const auto& message : messages) write_message(json, message);
  json.end_array().key("rubric");
  if (view.rubric) {
    json.begin_object().key("version").number(view.rubric_version.value());
    if (view.rubric_answered > domain::Seq()) {
      json.key("answered").number(view.rubric_answered.value());
    }
    json.key("rubric").raw(*view.rubric).end_object();
  } else {
    json.null();
  }
  json.end_object();
}

void write_posted(JsonText& json, const ports::PostedMessage& posted) {
  json.begin_object().key("id").text(posted.id.to_string());
  json.key("seq").number(posted.position.seq.value());
  json.key("epoch").number(posted.position.epoch.value());
  json.key("time").text(base::format_time(posted.at)).end_object();
}

void write_events(JsonText& json, const ports::EventPage& page) {
  // A stream in which nothing happened yet has no epoch of its own; the first one will be 1.
  const auto epoch = page.head.epoch.value() == 0 ? 1 : page.head.epoch.value();
  json.begin_object().key("epoch").number(epoch).key("head").number(page.head.seq.value());
  json.key("events").begin_array();
  for (const auto& event : page.events) json.raw(domain::rest_form(event));
  json.end_array();
  if (page.gone) json.key("resync").truth(true);
  json.end_object();
}

void write_rubric_head(JsonText& json, const ports::RubricRecord& record) {
  json.key("version").number(record.version.value());
  json.key("updatedAt").text(base::format_time(record.updated_at));
  json.key("by").text(domain::to_string(record.by));
  if (record.user) json.key("userId").text(record.user->to_string());
  if (record.answered > domain::Seq()) json.key("answered").number(record.answered.value());
}

void write_rubric(JsonText& json, const ports::RubricRecord& record) {
  json.begin_object();
  write_rubric_head(json, record);
  json.key("rubric").raw(record.document).end_object();
}

void write_dead_job(JsonText& json, const ports::DeadJob& dead) {
  json.begin_object().key("id").text(dead.job.to_string());
  json.key("chatId").text(dead.chat.to_string());
  json.key("replyTo").number(dead.prompt.value());
  json.key("attempts").number(dead.attempts);
  json.key("reason").text(dead.reason);
  json.key("explanation").text(ports::explanation_of(dead.reason));
  json.key("failedAt").text(base::format_time(dead.failed_at)).end_object();
}

net::HttpResponse json_response(unsigned status, JsonText json) {
  return json_response(status, json.take());
}

net::HttpResponse json_response(unsigned status, std::string json) {
  net::HttpResponse response;
  response.status = status;
  response.headers.set("Content-Type", "application/json");
  response.body = std::move(json);
  return response;
}

net::HttpResponse no_content() {
  net::HttpResponse response;
  response.status = 204;
  return response;
}

}  // namespace rubricon::api
