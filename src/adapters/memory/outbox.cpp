#include <rubricon/memory/outbox.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::memory {
namespace {

/// Free rows that no other transaction is busy with, in the order of their ids.
std::vector<ports::OutboxRow> claim_rows(Transaction& transaction, std::size_t limit,
                                         base::Milliseconds lease) {
  View& rows = transaction.rows;
  const auto now = transaction.monotonic();
  std::vector<ports::OutboxRow> claimed;
  for (const auto* const found : rows.outbox.all()) {
    if (claimed.size() >= limit) break;
    if (found->claimed_until > now || !transaction.try_lock(found->id)) continue;
    OutboxEntry entry = *found;
    entry.claimed_until = now + lease;
    claimed.push_back({entry.id, *rows.events.find(entry.event), entry.job});
    rows.outbox.put(entry.id, entry);
  }
  return claimed;
}

std::vector<RowKey> keys_of(std::vector<ports::OutboxId> ids) {
  std::ranges::sort(ids);
  return {ids.begin(), ids.end()};
}

base::Milliseconds age_of_oldest(const View& rows, base::Time now) {
  const auto entries = rows.outbox.all();
  if (entries.empty()) return base::Milliseconds::zero();
  return std::max(base::Milliseconds::zero(), now - entries.front()->created_at);
}

}  // namespace

base::Task<std::vector<ports::OutboxRow>> Outbox::claim(std::size_t limit, base::Milliseconds lease,
                                                        base::Deadline deadline) {
  return write<std::vector<ports::OutboxRow>>(
      link_, "outbox.claim", deadline, {},
      [limit, lease](Transaction& transaction) { return claim_rows(transaction, limit, lease); });
}

base::Task<void> Outbox::erase(std::vector<ports::OutboxId> ids, base::Deadline deadline) {
  Transaction transaction(link_, "outbox.erase", deadline);
  co_await transaction.begin();
  for (const auto& key : keys_of(ids)) co_await transaction.lock(key);
  for (const auto id : ids) transaction.rows.outbox.erase(id);
  co_await transaction.commit();
}

base::Task<void> Outbox::release(std::vector<ports::OutboxId> ids, base::Deadline deadline) {
  Transaction transaction(link_, "outbox.release", deadline);
  co_await transaction.begin();
  for (const auto& key : keys_of(ids)) co_await transaction.lock(key);
  for (const auto id : ids) {
    const auto* const found = transaction.rows.outbox.find(id);
    if (!found) continue;
    OutboxEntry entry = *found;
    entry.claimed_until = std::nullopt;
    transaction.rows.outbox.put(id, entry);
  }
  co_await transaction.commit();
}

base::Task<base::Milliseconds> Outbox::oldest_age(base::Deadline deadline) {
  return read<base::Milliseconds>(link_, "outbox.oldest_age", deadline,
                                  [&clock = link_->server->clock](const View& rows) {
                                    return age_of_oldest(rows, clock.now());
                                  });
}

void Outbox::on_commit(std::function<void()> poke) {
  link_->poke = std::move(poke);
}

}  // namespace rubricon::memory
