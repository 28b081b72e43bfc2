/// Changes to messages. Each function answers as its namesake in ports::MessageStore does; posts
/// are committed in groups (post_batch.hpp).
#pragma once

#include <rubricon/ports/message_store.hpp>
#include <rubricon/postgres/transaction.hpp>

namespace rubricon::postgres {

base::Task<base::Result<domain::Message>> edit_message(Transaction* transaction,
                                                       domain::UserId user, domain::ChatId chat,
                                                       domain::MessageId id,
                                                       domain::MessageText content);
/// MessageStore::ask_again.
base::Task<base::Result<domain::JobId>> ask_question_again(Transaction* transaction,
                                                           domain::UserId user, domain::ChatId chat,
                                                           domain::Seq question);
base::Task<base::Result<void>> remove_message(Transaction* transaction, domain::UserId user,
                                              domain::ChatId chat, domain::MessageId id);

/// Queues an answer to `prompt`, as the variant of that number. Kept back as below.
domain::JobId insert_job(Transaction* transaction, domain::ChatId chat, domain::Seq prompt,
                         std::int64_t variant);

/// Stores the row with its search terms. Kept back until the transaction's next call.
void insert_message(Transaction* transaction, const domain::Message& message);

}  // namespace rubricon::postgres
