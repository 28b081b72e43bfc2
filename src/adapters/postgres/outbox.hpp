/// ports::Outbox on PostgreSQL. A claim is a time in the row, so that any number of relays share
/// the table and whoever dies is succeeded; none reads past a row by its id. Between relays two
/// events of one chat may cross.
#pragma once

#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/outbox.hpp>
#include <rubricon/postgres/reader.hpp>
#include <rubricon/postgres/transaction.hpp>

namespace rubricon::postgres {

class Outbox final : public ports::Outbox {
 public:
  /// No claim holds for longer than this from now: one that ends later was given by a clock that
  /// was wrong.
  static constexpr base::Milliseconds claim_max = std::chrono::hours(1);

  /// All outlive it.
  Outbox(Transactor& transactor, Reader& reader, const ports::Clock& clock)
      : transactor_(transactor), reader_(reader), clock_(clock) {}

  base::Task<std::vector<ports::OutboxRow>> claim(std::size_t limit, base::Milliseconds lease,
                                                  base::Deadline deadline) override;
  base::Task<void> erase(std::vector<ports::OutboxId> ids, base::Deadline deadline) override;
  base::Task<void> release(std::vector<ports::OutboxId> ids, base::Deadline deadline) override;
  base::Task<base::Milliseconds> oldest_age(base::Deadline deadline) override;
  /// Hears of the commits of this Database.
  void on_commit(std::function<void()> poke) override;

 private:
  Transactor& transactor_;
  Reader& reader_;
  const ports::Clock& clock_;
};

}  // namespace rubricon::postgres
