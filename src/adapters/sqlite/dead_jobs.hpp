/// ports::DeadJobs on SQLite.
#pragma once

#include <rubricon/ports/dead_jobs.hpp>
#include <rubricon/sqlite/transaction.hpp>
#include <rubricon/sqlite/work.hpp>

namespace rubricon::sqlite {

class DeadJobs final : public ports::DeadJobs {
 public:
  DeadJobs(WorkQueue<Transaction>& writer, WorkQueue<Connection>& readers)
      : writer_(writer), readers_(readers) {}

  base::Task<std::vector<ports::DeadJob>> list(std::optional<domain::JobId> before,
                                               std::size_t limit, base::Deadline deadline) override;
  base::Task<base::Result<domain::JobId>> replay(domain::JobId job,
                                                 base::Deadline deadline) override;

 private:
  WorkQueue<Transaction>& writer_;
  WorkQueue<Connection>& readers_;
};

}  // namespace rubricon::sqlite
