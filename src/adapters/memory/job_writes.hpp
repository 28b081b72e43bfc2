/// Changes to jobs, inside a transaction that holds the job; all but extend_lease and release_job
/// hold its chat too. Each function answers as its namesake in ports::JobStore does.
#pragma once

#include <rubricon/memory/transaction.hpp>

namespace rubricon::memory {

std::optional<ports::ClaimedJob> claim_job(Transaction& transaction, domain::JobId job,
                                           base::Milliseconds lease);
bool extend_lease(Transaction& transaction, domain::JobId job, domain::Fence fence,
                  base::Milliseconds lease);
bool release_job(Transaction& transaction, domain::JobId job, domain::Fence fence);
base::Result<domain::Position> finish_job(Transaction& transaction,
                                          const ports::FinishedAnswer& answer);
base::Result<domain::Position> fail_job(Transaction& transaction, domain::JobId job,
                                        domain::Fence fence, const std::string& reason);

/// As ports::MessageStore::stop_answer, with the chat held and the question's open job.
base::Result<domain::JobId> stop_answer(Transaction& transaction, domain::UserId user,
                                        domain::ChatId chat, domain::Seq question);
/// The job that is to answer the question, if one is open.
std::optional<domain::JobId> open_job_of(const View& rows, domain::ChatId chat,
                                         domain::Seq question);
bool is_stopped(const View& rows, domain::JobId job);

std::vector<domain::JobId> due_jobs(const View& rows, base::Time now, base::Milliseconds queued_for,
                                    std::size_t limit);

}  // namespace rubricon::memory
