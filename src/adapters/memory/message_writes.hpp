/// Changes to messages, inside a transaction that holds the chat. Each function answers as its
/// namesake in ports::MessageStore does.
#pragma once

#include <rubricon/memory/transaction.hpp>

#include <vector>

namespace rubricon::memory {

/// Holds also the request's key, if it has one.
base::Result<ports::PostedMessage> post_message(Transaction& transaction,
                                                const ports::PostMessage& request);
/// These two hold also the open jobs of the message.
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

/// The jobs that wait for an answer to the message.
std::vector<domain::JobId> open_jobs_of(const View& rows, domain::ChatId chat,
                                        domain::MessageId id);
/// The key of the response to `request`.
std::optional<ResponseKey> response_key(const ports::PostMessage& request);

}  // namespace rubricon::memory
