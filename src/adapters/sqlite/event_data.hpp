/// The `data` of each event type: the JSON text that clients get (contract/events.schema.json),
/// without chatId, epoch and seq.
#pragma once

#include <rubricon/domain/chat.hpp>
#include <rubricon/ports/rubric_store.hpp>

#include <string>
#include <string_view>

namespace rubricon::sqlite {

/// A JSON string literal of UTF-8 `text`, quotes included.
std::string json_string(std::string_view text);

std::string chat_created_data(const domain::Chat& chat);
std::string chat_renamed_data(const domain::Chat& chat, std::optional<domain::UserId> by);
/// Chat-deleted and chat-restored.
std::string by_user_data(domain::UserId by);
std::string member_added_data(const domain::Member& member);
std::string member_removed_data(domain::UserId member);
std::string message_created_data(const domain::Message& message);
std::string message_updated_data(const domain::Message& message);
std::string message_deleted_data(domain::MessageId message);
std::string answer_failed_data(domain::JobId job, domain::Seq prompt, std::string_view reason);
std::string rubric_updated_data(const ports::RubricRecord& record);

// User streams.
std::string chat_added_data(domain::ChatId chat, domain::MemberRole role);
std::string chat_removed_data(domain::ChatId chat);
std::string session_revoked_data(domain::SessionId session);

}  // namespace rubricon::sqlite
