/// ports::DeadJobs in memory.
#pragma once

#include <rubricon/memory/transaction.hpp>
#include <rubricon/ports/dead_jobs.hpp>

namespace rubricon::memory {

class DeadJobs final : public ports::DeadJobs {
 public:
  explicit DeadJobs(std::shared_ptr<Link> link) : link_(std::move(link)) {}

  base::Task<std::vector<ports::DeadJob>> list(std::optional<domain::JobId> before,
                                               std::size_t limit, base::Deadline deadline) override;
  base::Task<base::Result<domain::JobId>> replay(domain::JobId job,
                                                 base::Deadline deadline) override;

 private:
  std::shared_ptr<Link> link_;
};

}  // namespace rubricon::memory
