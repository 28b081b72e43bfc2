#include <rubricon/sqlite/dead_jobs.hpp>

#include <rubricon/domain/event_data.hpp>
#include <rubricon/sqlite/message_writes.hpp>
#include <rubricon/sqlite/rows.hpp>

#include <fmt/format.h>

namespace rubricon::sqlite {
namespace {

std::vector<ports::DeadJob> find_dead(Connection& db, std::optional<domain::JobId> before,
                                      std::size_t limit) {
  auto row = db.query(
      "SELECT j.id, j.chat_id, j.prompt_seq, j.attempt, e.data, e.at "
      "FROM ai_jobs j INDEXED BY ai_jobs_failed "
      "JOIN chats c ON c.id = j.chat_id AND c.deleted_at IS NULL "
      "JOIN messages m ON m.chat_id = j.chat_id AND m.seq = j.prompt_seq "
      "JOIN events e ON e.stream = j.chat_id AND e.seq = j.answer_seq "
      "WHERE j.state = 'failed' AND (?1 IS NULL OR j.id < ?1) "
      "AND NOT EXISTS (SELECT 1 FROM ai_jobs n WHERE n.chat_id = j.chat_id "
      "AND n.prompt_seq = j.prompt_seq AND n.variant > j.variant) "
      "ORDER BY j.id DESC LIMIT ?2",
      before, limit);
  std::vector<ports::DeadJob> dead;
  while (row.step()) {
    dead.push_back({.job = row.id<domain::JobId>(0),
                    .chat = row.id<domain::ChatId>(1),
                    .prompt = row.number<domain::Seq>(2),
                    .attempts = static_cast<int>(row.integer(3)),
                    .reason = domain::failure_reason(row.view(4)),
                    .failed_at = row.time(5)});
  }
  return dead;
}

base::Result<domain::JobId> ask_anew(Transaction& transaction, domain::JobId job) {
  static const std::string sql = fmt::format(
      "SELECT j.prompt_seq, j.variant, {} FROM ai_jobs j "
      "JOIN chats c ON c.id = j.chat_id AND c.deleted_at IS NULL "
      "JOIN messages m ON m.chat_id = j.chat_id AND m.seq = j.prompt_seq "
      "WHERE j.id = ?1 AND j.state = 'failed' "
      "AND NOT EXISTS (SELECT 1 FROM ai_jobs n WHERE n.chat_id = j.chat_id "
      "AND n.prompt_seq = j.prompt_seq AND n.variant > j.variant)",
      chat_columns);
  domain::Seq prompt;
  int variant = 0;
  domain::Chat chat;
  {
    auto row = transaction.db.query(sql, job);
    if (!row.step()) return base::fail(base::ErrorCode::not_found);
    prompt = row.number<domain::Seq>(0);
    variant = static_cast<int>(row.integer(1));
    chat = chat_at(row, 2);
  }
  const auto asked = insert_job(transaction, chat, prompt, variant + 1);
  if (asked) return *asked;
  return domain::assistant_off();
}

}  // namespace

base::Task<std::vector<ports::DeadJob>> DeadJobs::list(std::optional<domain::JobId> before,
                                                       std::size_t limit, base::Deadline deadline) {
  return perform<std::vector<ports::DeadJob>, Connection>(
      &readers_, deadline,
      [before, limit](Connection& db) { return find_dead(db, before, limit); });
}

base::Task<base::Result<domain::JobId>> DeadJobs::replay(domain::JobId job,
                                                         base::Deadline deadline) {
  return perform<base::Result<domain::JobId>, Transaction>(
      &writer_, deadline, [job](Transaction& transaction) { return ask_anew(transaction, job); });
}

}  // namespace rubricon::sqlite
