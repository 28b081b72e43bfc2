/// ports::Epochs in memory.
#pragma once

#include <rubricon/memory/transaction.hpp>
#include <rubricon/ports/epochs.hpp>

namespace rubricon::memory {

class Epochs final : public ports::Epochs {
 public:
  explicit Epochs(std::shared_ptr<Link> link) : link_(std::move(link)) {}

  base::Task<std::int64_t> begin_new(base::Deadline deadline) override;

 private:
  std::shared_ptr<Link> link_;
};

}  // namespace rubricon::memory
