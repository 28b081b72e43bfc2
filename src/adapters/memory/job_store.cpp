#include <rubricon/memory/job_store.hpp>

#include <rubricon/memory/job_writes.hpp>

#include <utility>

namespace rubricon::memory {
namespace {

using PositionResult = base::Result<domain::Position>;

/// Holds the job's chat, if there is such a job, and the job.
base::Task<void> hold_chat_and_job(Transaction* transaction, domain::JobId job) {
  const auto* const key = transaction->rows.job_keys.find(job);
  if (key) co_await transaction->lock(key->chat);
  co_await transaction->lock(job);
}

}  // namespace

// A claim holds the chat: holding no more than their own jobs, two could both find that no other
// one is being answered.
base::Task<std::optional<ports::ClaimedJob>> JobStore::claim(domain::JobId job,
                                                             base::Milliseconds lease,
                                                             base::Deadline deadline) {
  Transaction transaction(link_, "jobs.claim", deadline);
  co_await transaction.begin();
  co_await hold_chat_and_job(&transaction, job);
  auto claimed = claim_job(transaction, job, lease);
  co_await transaction.commit();
  co_return claimed;
}

base::Task<bool> JobStore::heartbeat(domain::JobId job, domain::Fence fence,
                                     base::Milliseconds lease, base::Deadline deadline) {
  return write<bool>(link_, "jobs.heartbeat", deadline, {job},
                     [job, fence, lease](Transaction& transaction) {
                       return extend_lease(transaction, job, fence, lease);
                     });
}

base::Task<bool> JobStore::release(domain::JobId job, domain::Fence fence,
                                   base::Deadline deadline) {
  return write<bool>(
      link_, "jobs.release", deadline, {job},
      [job, fence](Transaction& transaction) { return release_job(transaction, job, fence); });
}

base::Task<PositionResult> JobStore::finish(ports::FinishedAnswer answer, base::Deadline deadline) {
  Transaction transaction(link_, "jobs.finish", deadline);
  co_await transaction.begin();
  co_await hold_chat_and_job(&transaction, answer.job);
  auto result = finish_job(transaction, answer);
  co_await transaction.commit();
  co_return result;
}

base::Task<PositionResult> JobStore::fail(domain::JobId job, domain::Fence fence,
                                          std::string reason, base::Deadline deadline) {
  Transaction transaction(link_, "jobs.fail", deadline);
  co_await transaction.begin();
  co_await hold_chat_and_job(&transaction, job);
  auto result = fail_job(transaction, job, fence, reason);
  co_await transaction.commit();
  co_return result;
}

base::Task<bool> JobStore::stop_wanted(domain::JobId job, base::Deadline deadline) {
  return read<bool>(link_, "jobs.stop_wanted", deadline,
                    [job](const View& rows) { return is_stopped(rows, job); });
}

base::Task<std::vector<domain::JobId>> JobStore::due(base::Milliseconds queued_for,
                                                     std::size_t limit, base::Deadline deadline) {
  return read<std::vector<domain::JobId>>(
      link_, "jobs.due", deadline,
      [&clock = link_->server->clock, queued_for, limit](const View& rows) {
        return due_jobs(rows, clock.now(), queued_for, limit);
      });
}

}  // namespace rubricon::memory
