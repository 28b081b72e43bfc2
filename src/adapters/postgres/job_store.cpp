#include <rubricon/postgres/job_store.hpp>

#include <rubricon/postgres/job_writes.hpp>

#include <utility>

namespace rubricon::postgres {
using base::Deadline;
using base::Result;
using base::Task;
using domain::JobId;

// Leases and fences matter only to the living: after a power failure everybody starts anew, so
// these three do not wait for a disk.
Task<std::optional<ports::ClaimedJob>> JobStore::claim(JobId job, base::Milliseconds lease,
                                                       Deadline deadline) {
  return transactor_.perform<std::optional<ports::ClaimedJob>>(
      deadline, [job, lease](Transaction* t) { return claim_job(t, job, lease); },
      Durability::lazy);
}

Task<bool> JobStore::heartbeat(JobId job, domain::Fence fence, base::Milliseconds lease,
                               Deadline deadline) {
  return transactor_.perform<bool>(
      deadline, [job, fence, lease](Transaction* t) { return extend_lease(t, job, fence, lease); },
      Durability::lazy);
}

Task<bool> JobStore::release(JobId job, domain::Fence fence, Deadline deadline) {
  return transactor_.perform<bool>(
      deadline, [job, fence](Transaction* t) { return release_job(t, job, fence); },
      Durability::lazy);
}

Task<Result<domain::Position>> JobStore::finish(ports::FinishedAnswer answer, Deadline deadline) {
  return transactor_.perform<Result<domain::Position>>(
      deadline, [answer = std::move(answer)](Transaction* t) { return finish_job(t, answer); });
}

Task<Result<domain::Position>> JobStore::fail(JobId job, domain::Fence fence, std::string reason,
                                              Deadline deadline) {
  return transactor_.perform<Result<domain::Position>>(
      deadline, [job, fence, reason = std::move(reason)](Transaction* t) {
        return fail_job(t, job, fence, reason);
      });
}

Task<bool> JobStore::stop_wanted(JobId job, Deadline deadline) {
  const auto answer = co_await reader_.ask(
      query("SELECT 1 FROM ai_jobs WHERE id = $1 AND stopped AND state = 'running'", job),
      deadline);
  co_return !answer.empty();
}

/// Of each chat the earliest open job, where it is queued or its lease has run out.
Task<std::vector<JobId>> JobStore::due(base::Milliseconds queued_for, std::size_t limit,
                                       Deadline deadline) {
  const auto now = clock_.now();
  const auto answer = co_await reader_.ask(
      query("SELECT j.id FROM ai_jobs j "
            "JOIN chats c ON c.id = j.chat_id AND c.deleted_at IS NULL "
            "WHERE j.state IN ('queued', 'running') "
            "AND CASE j.state WHEN 'queued' THEN j.queued_at NOT BETWEEN $1 AND $2 "
            "ELSE j.lease_until NOT BETWEEN $2 AND $4 END "
            "AND NOT EXISTS (SELECT 1 FROM ai_jobs e WHERE e.chat_id = j.chat_id "
            "AND (e.prompt_seq, e.variant) < (j.prompt_seq, j.variant) "
            "AND e.state IN ('queued', 'running')) "
            "ORDER BY j.queued_at, j.id LIMIT $3",
            base::Time(now - queued_for), now, limit, base::Time(now + ports::lease_max)),
      deadline);
  std::vector<JobId> jobs;
  for (const auto row : answer) jobs.push_back(row.id<JobId>(0));
  co_return jobs;
}

}  // namespace rubricon::postgres
