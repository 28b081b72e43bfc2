/// The life of an AI job. Each function answers as its namesake in ports::JobStore does.
#pragma once

#include <rubricon/ports/job_store.hpp>
#include <rubricon/sqlite/transaction.hpp>

namespace rubricon::sqlite {

std::optional<ports::ClaimedJob> claim_job(Transaction& transaction, domain::JobId job,
                                           base::Milliseconds lease);
bool extend_lease(Transaction& transaction, domain::JobId job, domain::Fence fence,
                  base::Milliseconds lease);
bool release_job(Transaction& transaction, domain::JobId job, domain::Fence fence);
base::Result<domain::Position> finish_job(Transaction& transaction,
                                          const ports::FinishedAnswer& answer);
base::Result<domain::Position> fail_job(Transaction& transaction, domain::JobId job,
                                        domain::Fence fence, std::string_view reason);
/// As ports::MessageStore::stop_answer.
base::Result<domain::JobId> stop_answer(Transaction& transaction, domain::UserId user,
                                        domain::ChatId chat, domain::Seq question);

}  // namespace rubricon::sqlite
