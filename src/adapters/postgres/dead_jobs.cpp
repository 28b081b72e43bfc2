#include <rubricon/postgres/dead_jobs.hpp>

#include <rubricon/domain/event_data.hpp>
#include <rubricon/postgres/job_writes.hpp>
#include <rubricon/postgres/message_writes.hpp>
#include <rubricon/postgres/rows.hpp>

#include <fmt/format.h>

namespace rubricon::postgres {
namespace {

base::Task<base::Result<domain::JobId>> ask_anew(Transaction* transaction, domain::JobId job) {
  lock_chat_of(transaction, job);
  static const std::string sql = fmt::format(
      "SELECT {}, j.prompt_seq, j.variant FROM ai_jobs j "
      "JOIN chats c ON c.id = j.chat_id AND c.deleted_at IS NULL "
      "JOIN messages m ON m.chat_id = j.chat_id AND m.seq = j.prompt_seq "
      "WHERE j.id = $1 AND j.state = 'failed' "
      "AND NOT EXISTS (SELECT 1 FROM ai_jobs n WHERE n.chat_id = j.chat_id "
      "AND n.prompt_seq = j.prompt_seq AND n.variant > j.variant)",
      chat_columns);
  const auto found = co_await transaction->query(sql, job);
  if (found.empty()) co_return base::fail(base::ErrorCode::not_found);
  const auto row = found.front();
  const auto chat = chat_at(row, 0);
  if (!domain::wants_answer(chat.context)) {
    co_return domain::assistant_off();
  }
  co_return insert_job(transaction, chat.id, row.number<domain::Seq>(chat_width),
                       row.integer(chat_width + 1) + 1);
}

}  // namespace

base::Task<std::vector<ports::DeadJob>> DeadJobs::list(std::optional<domain::JobId> before,
                                                       std::size_t limit, base::Deadline deadline) {
  const auto answer = co_await reader_.ask(
      query("SELECT j.id, j.chat_id, j.prompt_seq, j.attempt, e.data, e.created_at FROM ai_jobs j "
            "JOIN chats c ON c.id = j.chat_id AND c.deleted_at IS NULL "
            "JOIN messages m ON m.chat_id = j.chat_id AND m.seq = j.prompt_seq "
            "JOIN events e ON e.stream = j.chat_id AND e.seq = j.answer_seq "
            "WHERE j.state = 'failed' AND ($1 IS NULL OR j.id < $1) "
            "AND NOT EXISTS (SELECT 1 FROM ai_jobs n WHERE n.chat_id = j.chat_id "
            "AND n.prompt_seq = j.prompt_seq AND n.variant > j.variant) "
            "ORDER BY j.id DESC LIMIT $2",
            before, limit),
      deadline);
  std::vector<ports::DeadJob> dead;
  for (const auto row : answer) {
    dead.push_back({.job = row.id<domain::JobId>(0),
                    .chat = row.id<domain::ChatId>(1),
                    .prompt = row.number<domain::Seq>(2),
                    .attempts = static_cast<int>(row.integer(3)),
                    .reason = domain::failure_reason(row.view(4)),
                    .failed_at = row.time(5)});
  }
  co_return dead;
}

base::Task<base::Result<domain::JobId>> DeadJobs::replay(domain::JobId job,
                                                         base::Deadline deadline) {
  return transactor_.perform<base::Result<domain::JobId>>(
      deadline, [job](Transaction* transaction) { return ask_anew(transaction, job); });
}

}  // namespace rubricon::postgres
