/// ports::Outbox in memory. Claims are a column of the table, so they outlive who made them.
#pragma once

#include <rubricon/memory/transaction.hpp>

namespace rubricon::memory {

class Outbox final : public ports::Outbox {
 public:
  explicit Outbox(std::shared_ptr<Link> link) : link_(std::move(link)) {}

  base::Task<std::vector<ports::OutboxRow>> claim(std::size_t limit, base::Milliseconds lease,
                                                  base::Deadline deadline) override;
  base::Task<void> erase(std::vector<ports::OutboxId> ids, base::Deadline deadline) override;
  base::Task<void> release(std::vector<ports::OutboxId> ids, base::Deadline deadline) override;
  base::Task<base::Milliseconds> oldest_age(base::Deadline deadline) override;
  void on_commit(std::function<void()> poke) override;

 private:
  std::shared_ptr<Link> link_;
};

}  // namespace rubricon::memory
