/// New versions of rubrics, whoever makes them.
#pragma once

#include <rubricon/ports/rubric_store.hpp>
#include <rubricon/postgres/event_log.hpp>

namespace rubricon::postgres {

/// Stores `record` as the chat's newest version and appends rubric-updated; kept back until the
/// transaction's next call. The caller has checked that `record.version` is the next.
void append_rubric(Transaction* transaction, ChatStream& stream, domain::ChatId chat,
                   const ports::RubricRecord& record);

/// As ports::RubricStore::put.
base::Task<base::Result<ports::RubricRecord>> put_rubric(Transaction* transaction,
                                                         ports::PutRubric request);

}  // namespace rubricon::postgres
