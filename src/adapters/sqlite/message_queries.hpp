/// Reads of messages.
#pragma once

#include <rubricon/ports/message_store.hpp>
#include <rubricon/sqlite/connection.hpp>

#include <optional>
#include <vector>

namespace rubricon::sqlite {

/// The page of ports::MessageStore::page, without asking who reads.
std::vector<domain::Message> find_messages(Connection& db, domain::ChatId chat,
                                           const ports::MessageQuery& query);

/// Empty where there is none, or no longer.
std::optional<domain::Message> find_message(Connection& db, domain::ChatId chat,
                                            domain::MessageId message);
std::optional<domain::Message> find_message(Connection& db, domain::ChatId chat, domain::Seq seq);

}  // namespace rubricon::sqlite
