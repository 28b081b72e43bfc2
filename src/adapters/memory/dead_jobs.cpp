#include <rubricon/memory/dead_jobs.hpp>

#include <rubricon/domain/event_data.hpp>
#include <rubricon/memory/chat_rows.hpp>
#include <rubricon/memory/message_writes.hpp>

#include <algorithm>
#include <functional>
#include <utility>

namespace rubricon::memory {
namespace {

/// Failed, not asked anew, and still to be answered.
bool is_dead(const View& rows, const JobRow& row) {
  if (row.job.state != domain::JobState::failed || !living_chat(rows, row.job.chat)) return false;
  if (!rows.messages.find({row.job.chat, row.job.prompt_seq})) return false;
  return std::ranges::none_of(jobs_in(rows, row.job.chat), [&row](const JobRow* other) {
    return other->job.prompt_seq == row.job.prompt_seq && other->job.variant > row.job.variant;
  });
}

ports::DeadJob dead_job(const View& rows, const JobRow& row) {
  const auto* const event = rows.events.find({domain::StreamId(row.job.chat), row.answer.value()});
  return {.job = row.job.id,
          .chat = row.job.chat,
          .prompt = row.job.prompt_seq,
          .attempts = row.job.attempt,
          .reason = domain::failure_reason(event->data),
          .failed_at = event->at};
}

std::vector<ports::DeadJob> dead_jobs(const View& rows, std::optional<domain::JobId> before,
                                      std::size_t limit) {
  std::vector<const JobRow*> found;
  for (const auto* const row : rows.jobs.all()) {
    if ((!before || row->job.id < *before) && is_dead(rows, *row)) found.push_back(row);
  }
  std::ranges::sort(found, std::ranges::greater(), [](const auto* row) { return row->job.id; });
  if (found.size() > limit) found.resize(limit);
  std::vector<ports::DeadJob> dead;
  for (const auto* const row : found) dead.push_back(dead_job(rows, *row));
  return dead;
}

base::Result<domain::JobId> ask_anew(Transaction& transaction, domain::JobId job) {
  const auto* const key = transaction.rows.job_keys.find(job);
  const auto* const row = key ? transaction.rows.jobs.find(*key) : nullptr;
  if (!row || !is_dead(transaction.rows, *row)) return base::fail(base::ErrorCode::not_found);
  const auto& chat = transaction.rows.chats.find(row->job.chat)->chat;
  const auto asked = insert_job(transaction, chat, row->job.prompt_seq, row->job.variant + 1);
  if (asked) return *asked;
  return domain::assistant_off();
}

}  // namespace

base::Task<std::vector<ports::DeadJob>> DeadJobs::list(std::optional<domain::JobId> before,
                                                       std::size_t limit, base::Deadline deadline) {
  return read<std::vector<ports::DeadJob>>(
      link_, "jobs.dead", deadline,
      [before, limit](const View& rows) { return dead_jobs(rows, before, limit); });
}

base::Task<base::Result<domain::JobId>> DeadJobs::replay(domain::JobId job,
                                                         base::Deadline deadline) {
  Transaction transaction(link_, "jobs.replay", deadline);
  co_await transaction.begin();
  if (const auto* const key = transaction.rows.job_keys.find(job)) {
    co_await transaction.lock(key->chat);
  }
  auto result = ask_anew(transaction, job);
  co_await transaction.commit();
  co_return result;
}

}  // namespace rubricon::memory
