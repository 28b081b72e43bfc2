/// New versions of rubrics, whoever makes them.
#pragma once

#include <rubricon/ports/rubric_store.hpp>
#include <rubricon/sqlite/event_log.hpp>

namespace rubricon::sqlite {

/// Stores `record` as the chat's newest version and appends rubric-updated. The caller has checked
/// that `record.version` is the next.
void append_rubric(Transaction& transaction, ChatStream& stream, domain::ChatId chat,
                   const ports::RubricRecord& record);

/// As ports::RubricStore::put.
base::Result<ports::RubricRecord> put_rubric(Transaction& transaction,
                                             const ports::PutRubric& request);

}  // namespace rubricon::sqlite
