/// ports::JobStore in memory.
#pragma once

#include <rubricon/memory/transaction.hpp>

namespace rubricon::memory {

class JobStore final : public ports::JobStore {
 public:
  explicit JobStore(std::shared_ptr<Link> link) : link_(std::move(link)) {}

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
  std::shared_ptr<Link> link_;
};

}  // namespace rubricon::memory
