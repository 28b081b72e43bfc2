/// ports::Epochs on SQLite.
#pragma once

#include <rubricon/ports/epochs.hpp>
#include <rubricon/sqlite/transaction.hpp>
#include <rubricon/sqlite/work.hpp>

namespace rubricon::sqlite {

class Epochs final : public ports::Epochs {
 public:
  explicit Epochs(WorkQueue<Transaction>& writer) : writer_(writer) {}

  base::Task<std::int64_t> begin_new(base::Deadline deadline) override;

 private:
  WorkQueue<Transaction>& writer_;
};

}  // namespace rubricon::sqlite
