/// The `data` of each event type: the JSON text that clients get (contract/events.schema.json),
/// without chatId, epoch and seq.
#pragma once

#include <rubricon/domain/chat.hpp>
#include <rubricon/domain/event.hpp>

#include <string>
#include <string_view>

namespace rubricon::domain {

/// A JSON string literal of UTF-8 `text`, quotes included.
std::string json_string(std::string_view text);

std::string chat_created_data(const Chat& chat);
std::string chat_renamed_data(const Chat& chat, std::optional<UserId> by);
/// Chat-deleted and chat-restored.
std::string by_user_data(UserId by);
std::string member_added_data(const Member& member);
std::string member_removed_data(UserId member);
std::string message_created_data(const Message& message);
std::string message_updated_data(const Message& message);
std::string message_deleted_data(MessageId message);
std::string answer_failed_data(JobId job, Seq prompt, std::string_view reason);
std::string rubric_updated_data(const RubricRecord& record);

// User streams.
std::string chat_added_data(ChatId chat, MemberRole role);
std::string chat_removed_data(ChatId chat);
std::string session_revoked_data(SessionId session);
/// Whose end a session-revoked event tells; nothing for any other.
std::optional<SessionId> revoked_session(const Event& event);
/// The `reason` in the data of an answer-failed event; empty where there is none.
std::string failure_reason(std::string_view data);

}  // namespace rubricon::domain
