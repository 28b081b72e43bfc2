#include <rubricon/sqlite/outbox.hpp>

#include <rubricon/sqlite/event_log.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace rubricon::sqlite {
namespace {

struct OutboxEntry {
  ports::OutboxId id;
  domain::StreamId stream;
  domain::Seq seq;
  std::optional<domain::JobId> job;
};

OutboxEntry entry_at(const Statement& row) {
  const domain::StreamId stream = row.integer(2) == 0 ? domain::StreamId(row.id<domain::ChatId>(1))
                                                      : domain::StreamId(row.id<domain::UserId>(1));
  return {row.number<ports::OutboxId>(0), stream, row.number<domain::Seq>(3),
          row.optional_id<domain::JobId>(4)};
}

ports::OutboxRow with_event(Connection& db, const OutboxEntry& entry) {
  static const std::string sql =
      fmt::format("SELECT {} FROM events e WHERE e.stream = ? AND e.seq = ?", event_columns);
  const base::Uuid stream =
      entry.stream.chat() ? entry.stream.chat()->uuid() : entry.stream.user()->uuid();
  auto row = db.query(sql, domain::ChatId(stream), entry.seq);
  if (!row.step()) throw Defect("an outbox row names an event that does not exist");
  return {entry.id, event_at(row, 0, entry.stream), entry.job};
}

/// One row that is not what we wrote must not stop the others.
ports::OutboxRow read_row(Connection& db, const Statement& row) {
  try {
    return with_event(db, entry_at(row));
  } catch (const Defect& defect) {
    return {.id = row.number<ports::OutboxId>(0),
            .event = {.stream = domain::StreamId(domain::ChatId())},
            .defect = defect.what()};
  }
}

}  // namespace

base::Task<std::vector<ports::OutboxRow>> Outbox::claim(std::size_t limit, base::Milliseconds lease,
                                                        base::Deadline deadline) {
  return perform<std::vector<ports::OutboxRow>, Connection>(
      &readers_, deadline,
      [this, limit, lease](Connection& db) { return claim_rows(db, limit, lease); });
}

base::Task<void> Outbox::erase(std::vector<ports::OutboxId> ids, base::Deadline deadline) {
  auto body = [ids](Transaction& transaction) {
    for (const auto id : ids) transaction.db.run("DELETE FROM outbox WHERE id = ?", id);
    return Done{};
  };
  // A deletion lost by a power failure means a repetition, which receivers drop: no fsync for it.
  co_await perform<Done, Transaction>(&writer_, deadline, std::move(body), Durability::lazy);
  // Not before the rows are gone for every new snapshot.
  forget_claims(ids);
}

base::Task<void> Outbox::release(std::vector<ports::OutboxId> ids, base::Deadline) {
  forget_claims(ids);
  co_return;
}

base::Task<base::Milliseconds> Outbox::oldest_age(base::Deadline deadline) {
  return perform<base::Milliseconds, Connection>(
      &readers_, deadline, [this](Connection& db) -> base::Milliseconds {
        auto row = db.query("SELECT created_at FROM outbox ORDER BY id LIMIT 1");
        if (!row.step()) return base::Milliseconds::zero();
        return std::max(base::Milliseconds::zero(), clock_.now() - row.time(0));
      });
}

void Outbox::on_commit(std::function<void()> poke) {
  writer_.on_outbox_commit(std::move(poke));
}

std::vector<ports::OutboxRow> Outbox::claim_rows(Connection& db, std::size_t limit,
                                                 base::Milliseconds lease) {
  const std::lock_guard one_claimer(claiming_);
  // First the claims, then the snapshot: a claim is forgotten only after its row is gone, so a row
  // that is still seen and not claimed is really free.
  const auto claimed = claimed_now();
  const Snapshot snapshot(db);
  std::vector<ports::OutboxRow> rows;
  auto row = db.query("SELECT id, stream, kind, seq, job FROM outbox ORDER BY id");
  while (rows.size() < limit && row.step()) {
    if (claimed.contains(row.number<ports::OutboxId>(0))) continue;
    rows.push_back(read_row(db, row));
  }
  note_claims(rows, clock_.monotonic() + lease);
  return rows;
}

/// Drops the expired ones on the way.
std::unordered_set<ports::OutboxId> Outbox::claimed_now() {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.monotonic();
  std::erase_if(claimed_until_, [now](const auto& claim) { return claim.second <= now; });
  std::unordered_set<ports::OutboxId> ids;
  for (const auto& [id, until] : claimed_until_) ids.insert(id);
  return ids;
}

void Outbox::note_claims(const std::vector<ports::OutboxRow>& rows, base::Instant until) {
  const std::lock_guard lock(mutex_);
  for (const auto& row : rows) claimed_until_[row.id] = until;
}

void Outbox::forget_claims(const std::vector<ports::OutboxId>& ids) {
  const std::lock_guard lock(mutex_);
  for (const auto id : ids) claimed_until_.erase(id);
}

std::int64_t outbox_last_id(Connection& db) {
  auto row = db.query("SELECT coalesce(max(id), 0) FROM outbox");
  row.step();
  return row.integer(0);
}

}  // namespace rubricon::sqlite
