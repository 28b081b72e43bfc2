/// ports::Epochs on PostgreSQL.
#pragma once

#include <rubricon/ports/epochs.hpp>
#include <rubricon/postgres/transaction.hpp>

namespace rubricon::postgres {

class Epochs final : public ports::Epochs {
 public:
  explicit Epochs(Transactor& transactor) : transactor_(transactor) {}

  base::Task<std::int64_t> begin_new(base::Deadline deadline) override;

 private:
  Transactor& transactor_;
};

}  // namespace rubricon::postgres
