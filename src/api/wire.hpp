/// The JSON forms of contract/openapi.yaml, each written in one place.
#pragma once

#include <rubricon/api/json_text.hpp>
#include <rubricon/api/request.hpp>
#include <rubricon/domain/chat.hpp>
#include <rubricon/domain/user.hpp>
#include <rubricon/ports/chat_store.hpp>
#include <rubricon/ports/dead_jobs.hpp>
#include <rubricon/ports/event_store.hpp>
#include <rubricon/ports/message_store.hpp>
#include <rubricon/ports/rubric_store.hpp>

#include <string>

namespace rubricon::api {

void write_user(JsonText& json, const domain::User& user);
void write_member(JsonText& json, const domain::Member& member);
void write_message(JsonText& json, const domain::Message& message);
void write_summary(JsonText& json, const ports::ChatSummary& summary);
void write_view(JsonText& json, const ports::ChatView& view,
                const std::vector<domain::Message>& messages);
void write_posted(JsonText& json, const ports::PostedMessage& posted);
void write_events(JsonText& json, const ports::EventPage& page);
void write_dead_job(JsonText& json, const ports::DeadJob& dead);
/// The members of a version but its document, into an object that is open.
void write_rubric_head(JsonText& json, const ports::RubricRecord& record);
void write_rubric(JsonText& json, const ports::RubricRecord& record);

/// A finished response with a JSON body, or with none.
net::HttpResponse json_response(unsigned status, JsonText json);
/// `json` is JSON text.
net::HttpResponse json_response(unsigned status, std::string json);
net::HttpResponse no_content();

}  // namespace rubricon::api
