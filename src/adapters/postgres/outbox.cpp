#include <rubricon/postgres/outbox.hpp>

#include <rubricon/postgres/event_log.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <utility>

namespace rubricon::postgres {
namespace {

/// One row that is not what we wrote must not stop the others.
ports::OutboxRow row_at(const Row& row) {
  constexpr int event_column = 4;
  const auto id = row.number<ports::OutboxId>(0);
  try {
    if (row.null(event_column)) {
      throw Defect("an outbox row names an event that does not exist");
    }
    const auto stream = row.integer(2) == chat_kind ? domain::StreamId(row.id<domain::ChatId>(1))
                                                    : domain::StreamId(row.id<domain::UserId>(1));
    return {.id = id,
            .event = event_at(row, event_column, stream),
            .job = row.optional_id<domain::JobId>(3),
            .defect = ""};
  } catch (const Defect& defect) {
    return {.id = id,
            .event = {.stream = domain::StreamId(domain::ChatId())},
            .job = {},
            .defect = defect.what()};
  }
}

base::Task<std::vector<ports::OutboxRow>> claim_rows(Transaction* transaction, std::size_t limit,
                                                     base::Milliseconds lease) {
  static const std::string sql = fmt::format(
      "WITH free AS (SELECT id FROM outbox "
      "WHERE claimed_until IS NULL OR claimed_until <= $1 OR claimed_until > $2 "
      "ORDER BY id LIMIT $4 FOR UPDATE SKIP LOCKED), "
      "claimed AS (UPDATE outbox o SET claimed_until = $3 FROM free WHERE o.id = free.id "
      "RETURNING o.id, o.stream, o.kind, o.seq, o.job, o.at) "
      "SELECT o.id, o.stream, o.kind, o.job, {} FROM claimed o LEFT JOIN LATERAL "
      "(SELECT * FROM events f WHERE f.stream = o.stream AND f.seq = o.seq AND f.created_at = o.at "
      "LIMIT 1) e ON true ORDER BY o.id",
      event_columns);
  const auto now = transaction->now();
  const auto answer = co_await transaction->ask_and_commit(
      query(sql, now, base::Time(now + std::max(lease, Outbox::claim_max)), base::Time(now + lease),
            limit));
  std::vector<ports::OutboxRow> rows;
  rows.reserve(answer.size());
  for (const auto row : answer) rows.push_back(row_at(row));
  co_return rows;
}

base::Task<Done> erase_rows(Transaction* transaction, std::vector<ports::OutboxId> ids) {
  co_await transaction->ask_and_commit(query("DELETE FROM outbox WHERE id = ANY ($1)", ids));
  co_return Done{};
}

base::Task<Done> release_rows(Transaction* transaction, std::vector<ports::OutboxId> ids) {
  co_await transaction->ask_and_commit(
      query("UPDATE outbox SET claimed_until = NULL WHERE id = ANY ($1)", ids));
  co_return Done{};
}

}  // namespace

// None of these waits for a disk: what a power failure takes back is claimed or erased again.

base::Task<std::vector<ports::OutboxRow>> Outbox::claim(std::size_t limit, base::Milliseconds lease,
                                                        base::Deadline deadline) {
  return transactor_.perform<std::vector<ports::OutboxRow>>(
      deadline, [limit, lease](Transaction* t) { return claim_rows(t, limit, lease); },
      Durability::lazy);
}

base::Task<void> Outbox::erase(std::vector<ports::OutboxId> ids, base::Deadline deadline) {
  return finished(transactor_.perform<Done>(
      deadline, [ids = std::move(ids)](Transaction* t) { return erase_rows(t, ids); },
      Durability::lazy));
}

base::Task<void> Outbox::release(std::vector<ports::OutboxId> ids, base::Deadline deadline) {
  return finished(transactor_.perform<Done>(
      deadline, [ids = std::move(ids)](Transaction* t) { return release_rows(t, ids); },
      Durability::lazy));
}

base::Task<base::Milliseconds> Outbox::oldest_age(base::Deadline deadline) {
  const auto answer =
      co_await reader_.ask(query("SELECT created_at FROM outbox ORDER BY id LIMIT 1"), deadline);
  if (answer.empty()) co_return base::Milliseconds::zero();
  co_return std::max(base::Milliseconds::zero(), clock_.now() - answer.front().time(0));
}

void Outbox::on_commit(std::function<void()> poke) {
  transactor_.on_outbox_commit(std::move(poke));
}

}  // namespace rubricon::postgres
