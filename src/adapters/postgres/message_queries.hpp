/// Reads of messages.
#pragma once

#include <rubricon/ports/message_store.hpp>
#include <rubricon/postgres/answer.hpp>
#include <rubricon/postgres/query.hpp>

#include <optional>
#include <vector>

namespace rubricon::postgres {

/// The page of ports::MessageStore::page, without asking who reads. The newest messages are found
/// in the newest partition.
Query messages_query(domain::ChatId chat, const ports::MessageQuery& page);
/// Oldest first.
std::vector<domain::Message> messages_in(const Answer& answer);

/// One message, by its id through the time in it, or by its seq.
Query message_query(domain::ChatId chat, domain::MessageId message);
Query message_query(domain::ChatId chat, domain::Seq seq);
/// Empty where there is none, or no longer.
std::optional<domain::Message> message_in(const Answer& answer);

}  // namespace rubricon::postgres
