/// ports::JobStore on SQLite.
#pragma once

#include <rubricon/ports/job_store.hpp>
#include <rubricon/sqlite/transaction.hpp>
#include <rubricon/sqlite/work.hpp>

namespace rubricon::sqlite {

class JobStore final : public ports::JobStore {
 public:
  JobStore(WorkQueue<Transaction>& writer, WorkQueue<Connection>& readers,
           const ports::Clock& clock)
      : writer_(writer), readers_(readers), clock_(clock) {}

  base::Task<std::optional<ports::ClaimedJob>> claim(domain::JobId job, base::Milliseconds lease,
                                                     base::Deadline deadline) override;
  base::Task<bool> heartbeat(domain::JobId job, domain::Fence fence, base::Milliseconds lease,
                             base::Deadline deadline) override;
  base::Task<bool> release(domain::JobId job, domain::Fence fence,
                           base::Deadline deadline) override;
  base::Task<base::Result<domain::Position>> finish(ports::FinishedAnswer answer,
                                                    base::Deadline deadline) override;
  base::Task<base::Result<domain::Position>> fail(domain::JobId job, domain::Fence fence,
                                                  std::string reason,
                                                  base::Deadline deadline) override;
  base::Task<bool> stop_wanted(domain::JobId job, base::Deadline deadline) override;
  base::Task<std::vector<domain::JobId>> due(base::Milliseconds queued_for, std::size_t limit,
                                             base::Deadline deadline) override;

 private:
  WorkQueue<Transaction>& writer_;
  WorkQueue<Connection>& readers_;
  const ports::Clock& clock_;
};

}  // namespace rubricon::sqlite
