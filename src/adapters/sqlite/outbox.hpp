/// ports::Outbox on SQLite. Claims live in memory: one process owns the file, so a claim need not
/// outlive it, and claiming costs no write. After a crash every row is unclaimed, as it should be.
#pragma once

#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/outbox.hpp>
#include <rubricon/sqlite/work.hpp>
#include <rubricon/sqlite/writer.hpp>

#include <mutex>
#include <unordered_map>
#include <unordered_set>

namespace rubricon::sqlite {

class Outbox final : public ports::Outbox {
 public:
  Outbox(Writer& writer, WorkQueue<Connection>& readers, const ports::Clock& clock)
      : writer_(writer), readers_(readers), clock_(clock) {}

  base::Task<std::vector<ports::OutboxRow>> claim(std::size_t limit, base::Milliseconds lease,
                                                  base::Deadline deadline) override;
  base::Task<void> erase(std::vector<ports::OutboxId> ids, base::Deadline deadline) override;
  base::Task<void> release(std::vector<ports::OutboxId> ids, base::Deadline deadline) override;
  base::Task<base::Milliseconds> oldest_age(base::Deadline deadline) override;
  void on_commit(std::function<void()> poke) override;

 private:
  std::vector<ports::OutboxRow> claim_rows(Connection& db, std::size_t limit,
                                           base::Milliseconds lease);
  std::unordered_set<ports::OutboxId> claimed_now();
  void note_claims(const std::vector<ports::OutboxRow>& rows, base::Instant until);
  void forget_claims(const std::vector<ports::OutboxId>& ids);

  Writer& writer_;
  WorkQueue<Connection>& readers_;
  const ports::Clock& clock_;

  // One claimer at a time, from the choice of rows to the note of their claims. Only readers take
  // it, so that no shard ever waits for a query; `mutex_` is held for a moment only.
  std::mutex claiming_;
  std::mutex mutex_;
  std::unordered_map<ports::OutboxId, base::Instant> claimed_until_;
};

/// The highest id in the table, 0 when it is empty.
std::int64_t outbox_last_id(Connection& db);

}  // namespace rubricon::sqlite
