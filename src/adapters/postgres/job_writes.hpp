/// The life of an AI job. Each function answers as its namesake in ports::JobStore does.
#pragma once

#include <rubricon/ports/job_store.hpp>
#include <rubricon/postgres/transaction.hpp>

#include <string>

namespace rubricon::postgres {

/// The lock of the job's chat, which also keeps two jobs of one chat from being claimed at once.
void lock_chat_of(Transaction* transaction, domain::JobId job);

base::Task<std::optional<ports::ClaimedJob>> claim_job(Transaction* transaction, domain::JobId job,
                                                       base::Milliseconds lease);
base::Task<bool> extend_lease(Transaction* transaction, domain::JobId job, domain::Fence fence,
                              base::Milliseconds lease);
base::Task<bool> release_job(Transaction* transaction, domain::JobId job, domain::Fence fence);
base::Task<base::Result<domain::Position>> finish_job(Transaction* transaction,
                                                      ports::FinishedAnswer answer);
base::Task<base::Result<domain::Position>> fail_job(Transaction* transaction, domain::JobId job,
                                                    domain::Fence fence, std::string reason);
/// As ports::MessageStore::stop_answer.
base::Task<base::Result<domain::JobId>> stop_answer(Transaction* transaction, domain::UserId user,
                                                    domain::ChatId chat, domain::Seq question);

}  // namespace rubricon::postgres
