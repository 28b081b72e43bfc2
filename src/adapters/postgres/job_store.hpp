/// ports::JobStore on PostgreSQL.
#pragma once

#include <rubricon/ports/job_store.hpp>
#include <rubricon/postgres/reader.hpp>
#include <rubricon/postgres/transaction.hpp>

namespace rubricon::postgres {

class JobStore final : public ports::JobStore {
 public:
  JobStore(Transactor& transactor, Reader& reader, const ports::Clock& clock)
      : transactor_(transactor), reader_(reader), clock_(clock) {}

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
  Transactor& transactor_;
  Reader& reader_;
  const ports::Clock& clock_;
};

}  // namespace rubricon::postgres
