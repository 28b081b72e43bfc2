/// ports::DeadJobs on PostgreSQL.
#pragma once

#include <rubricon/ports/dead_jobs.hpp>
#include <rubricon/postgres/reader.hpp>
#include <rubricon/postgres/transaction.hpp>

namespace rubricon::postgres {

class DeadJobs final : public ports::DeadJobs {
 public:
  DeadJobs(Transactor& transactor, Reader& reader) : transactor_(transactor), reader_(reader) {}

  base::Task<std::vector<ports::DeadJob>> list(std::optional<domain::JobId> before,
                                               std::size_t limit, base::Deadline deadline) override;
  base::Task<base::Result<domain::JobId>> replay(domain::JobId job,
                                                 base::Deadline deadline) override;

 private:
  Transactor& transactor_;
  Reader& reader_;
};

}  // namespace rubricon::postgres
