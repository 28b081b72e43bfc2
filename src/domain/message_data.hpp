/// A message as one JSON object, for whoever keeps copies of messages: what message-created carries
/// and, beside it, what came later.
#pragma once

#include <rubricon/domain/chat.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::domain {

/// Begins with `{"id":"<uuid>"`, and has everything but the chat: message_created_data with `seq`
/// and, where it was edited, `editedAt`.
std::string message_data(const Message& message);

/// Reads `message_data`, and message_created_data where `seq` says its place. nullopt for anything
/// else.
std::optional<Message> parse_message_data(ChatId chat, std::string_view json,
                                          std::optional<Seq> seq = std::nullopt);

}  // namespace rubricon::domain
