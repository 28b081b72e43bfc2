/// Changes to messages. Each function answers as its namesake in ports::MessageStore does.
#pragma once

#include <rubricon/ports/message_store.hpp>
#include <rubricon/sqlite/transaction.hpp>

namespace rubricon::sqlite {

base::Result<ports::PostedMessage> post_message(Transaction& transaction,
                                                const ports::PostMessage& request);
base::Result<domain::Message> edit_message(Transaction& transaction, domain::UserId user,
                                           domain::ChatId chat, domain::MessageId id,
                                           const domain::MessageText& content);
/// MessageStore::ask_again.
base::Result<domain::JobId> ask_question_again(Transaction& transaction, domain::UserId user,
                                               domain::ChatId chat, domain::Seq question);
base::Result<void> remove_message(Transaction& transaction, domain::UserId user,
                                  domain::ChatId chat, domain::MessageId id);

/// Queues an answer to `prompt`; nullopt where the chat has the assistant switched off.
std::optional<domain::JobId> insert_job(Transaction& transaction, const domain::Chat& chat,
                                        domain::Seq prompt, int variant);

/// Stores the row and puts its text into the search index.
void insert_message(Connection& db, const domain::Message& message);

}  // namespace rubricon::sqlite
