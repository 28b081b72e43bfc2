#include <rubricon/sqlite/job_store.hpp>

#include <rubricon/sqlite/job_writes.hpp>

#include <utility>

namespace rubricon::sqlite {
namespace {

/// Of each chat the earliest open job, where it is queued or its lease has run out.
std::vector<domain::JobId> find_due(Connection& db, base::Time now, base::Milliseconds queued_for,
                                    std::size_t limit) {
  auto row = db.query(
      "SELECT j.id FROM ai_jobs j INDEXED BY ai_jobs_open "
      "JOIN chats c ON c.id = j.chat_id AND c.deleted_at IS NULL "
      "WHERE j.state IN ('queued', 'running') "
      "AND CASE j.state WHEN 'queued' THEN j.queued_at NOT BETWEEN ?1 AND ?2 "
      "ELSE j.lease_until NOT BETWEEN ?2 AND ?4 END "
      "AND NOT EXISTS (SELECT 1 FROM ai_jobs e INDEXED BY ai_jobs_open WHERE e.chat_id = j.chat_id "
      "AND (e.prompt_seq, e.variant) < (j.prompt_seq, j.variant) "
      "AND e.state IN ('queued', 'running')) "
      "ORDER BY j.queued_at, j.id LIMIT ?3",
      base::Time(now - queued_for), now, limit, base::Time(now + ports::lease_max));
  std::vector<domain::JobId> jobs;
  while (row.step()) jobs.push_back(row.id<domain::JobId>(0));
  return jobs;
}

}  // namespace

// Leases and fences matter only to the living: after a power failure everybody starts anew, so
// these three are not worth an fsync.
base::Task<std::optional<ports::ClaimedJob>> JobStore::claim(domain::JobId job,
                                                             base::Milliseconds lease,
                                                             base::Deadline deadline) {
  return perform<std::optional<ports::ClaimedJob>, Transaction>(
      &writer_, deadline,
      [job, lease](Transaction& transaction) { return claim_job(transaction, job, lease); },
      Durability::lazy);
}

base::Task<bool> JobStore::heartbeat(domain::JobId job, domain::Fence fence,
                                     base::Milliseconds lease, base::Deadline deadline) {
  return perform<bool, Transaction>(
      &writer_, deadline,
      [job, fence, lease](Transaction& transaction) {
        return extend_lease(transaction, job, fence, lease);
      },
      Durability::lazy);
}

base::Task<bool> JobStore::release(domain::JobId job, domain::Fence fence,
                                   base::Deadline deadline) {
  return perform<bool, Transaction>(
      &writer_, deadline,
      [job, fence](Transaction& transaction) { return release_job(transaction, job, fence); },
      Durability::lazy);
}

base::Task<base::Result<domain::Position>> JobStore::finish(ports::FinishedAnswer answer,
                                                            base::Deadline deadline) {
  return perform<base::Result<domain::Position>, Transaction>(
      &writer_, deadline, [answer = std::move(answer)](Transaction& transaction) {
        return finish_job(transaction, answer);
      });
}

base::Task<base::Result<domain::Position>> JobStore::fail(domain::JobId job, domain::Fence fence,
                                                          std::string reason,
                                                          base::Deadline deadline) {
  return perform<base::Result<domain::Position>, Transaction>(
      &writer_, deadline, [job, fence, reason = std::move(reason)](Transaction& transaction) {
        return fail_job(transaction, job, fence, reason);
      });
}

base::Task<bool> JobStore::stop_wanted(domain::JobId job, base::Deadline deadline) {
  return perform<bool, Connection>(&readers_, deadline, [job](Connection& db) {
    return db.query("SELECT 1 FROM ai_jobs WHERE id = ? AND stopped AND state = 'running'", job)
        .step();
  });
}

base::Task<std::vector<domain::JobId>> JobStore::due(base::Milliseconds queued_for,
                                                     std::size_t limit, base::Deadline deadline) {
  return perform<std::vector<domain::JobId>, Connection>(
      &readers_, deadline, [this, queued_for, limit](Connection& db) {
        return find_due(db, clock_.now(), queued_for, limit);
      });
}

}  // namespace rubricon::sqlite
