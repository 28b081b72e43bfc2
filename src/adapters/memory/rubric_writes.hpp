/// New versions of rubrics, whoever makes them, inside a transaction that holds the chat.
#pragma once

#include <rubricon/memory/event_log.hpp>
#include <rubricon/memory/transaction.hpp>

namespace rubricon::memory {

/// Stores `record` as the chat's newest version and appends rubric-updated. The caller has checked
/// that `record.version` is the next.
void append_rubric(Transaction& transaction, ChatStream& stream, domain::ChatId chat,
                   const domain::RubricRecord& record);

/// As ports::RubricStore::put.
base::Result<domain::RubricRecord> put_rubric(Transaction& transaction,
                                              const ports::PutRubric& request);

}  // namespace rubricon::memory
