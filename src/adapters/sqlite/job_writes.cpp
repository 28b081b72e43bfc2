#include <rubricon/sqlite/job_writes.hpp>

#include <rubricon/domain/event_data.hpp>
#include <rubricon/sqlite/access.hpp>
#include <rubricon/sqlite/chat_writes.hpp>
#include <rubricon/sqlite/event_log.hpp>
#include <rubricon/sqlite/message_queries.hpp>
#include <rubricon/sqlite/message_writes.hpp>
#include <rubricon/sqlite/rows.hpp>
#include <rubricon/sqlite/rubric_writes.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace rubricon::sqlite {
namespace {

using base::ErrorCode;
using domain::EventType;

/// A job that its holder may still end, and its chat.
struct HeldJob {
  domain::Seq prompt;
  domain::Chat chat;
  bool stopped = false;
};

struct TakenJob {
  domain::AiJob job;
  bool stopped = false;
};

std::optional<TakenJob> take_lease(Transaction& transaction, domain::JobId job,
                                   base::Milliseconds lease) {
  const auto now = transaction.now();
  auto row = transaction.db.query(
      "UPDATE ai_jobs AS j SET state = 'running', attempt = attempt + 1, fence = fence + 1, "
      "lease_until = ?2 WHERE j.id = ?1 "
      "AND (j.state = 'queued' OR "
      "(j.state = 'running' AND j.lease_until NOT BETWEEN ?3 AND ?4)) "
      "AND NOT EXISTS (SELECT 1 FROM ai_jobs e INDEXED BY ai_jobs_open WHERE e.chat_id = j.chat_id "
      "AND e.state IN ('queued', 'running') AND ((e.prompt_seq, e.variant) < (j.prompt_seq, "
      "j.variant) OR (e.id <> j.id AND e.state = 'running' "
      "AND e.lease_until BETWEEN ?3 AND ?4))) "
      "AND EXISTS (SELECT 1 FROM chats c WHERE c.id = j.chat_id AND c.deleted_at IS NULL) "
      "RETURNING chat_id, prompt_seq, variant, attempt, fence, stopped",
      job, base::Time(now + lease), now, base::Time(now + ports::lease_max));
  if (!row.step()) return std::nullopt;
  TakenJob taken{.job = {.id = job,
                         .chat = row.id<domain::ChatId>(0),
                         .prompt_seq = row.number<domain::Seq>(1),
                         .variant = static_cast<int>(row.integer(2)),
                         .state = domain::JobState::running,
                         .attempt = static_cast<int>(row.integer(3)),
                         .fence = row.number<domain::Fence>(4)},
                 .stopped = row.integer(5) != 0};
  row.step();  // an UPDATE … RETURNING is done only when it says so
  return taken;
}

/// Other people's later messages are left out: they are prompts of their own.
std::vector<domain::Message> history_of(Connection& db, domain::ChatId chat, domain::Seq prompt) {
  static const std::string sql = fmt::format(
      "SELECT {} FROM messages m WHERE m.chat_id = ?1 AND m.seq <> ?2 "
      "AND (m.seq < ?2 OR m.role = 'AI') ORDER BY m.seq DESC LIMIT ?3",
      message_columns);
  std::vector<domain::Message> history;
  auto row = db.query(sql, chat, prompt, ports::prompt_history_max);
  while (row.step()) history.push_back(message_at(row, 0));
  std::ranges::reverse(history);
  return history;
}

std::string trace_of(Connection& db, domain::ChatId chat, domain::Seq seq) {
  auto row = db.query("SELECT trace FROM events WHERE stream = ? AND seq = ?", chat, seq);
  return row.step() ? row.text(0) : "";
}

std::optional<HeldJob> held_job(Connection& db, domain::JobId job, domain::Fence fence) {
  static const std::string sql = fmt::format(
      "SELECT j.prompt_seq, j.stopped, {} FROM ai_jobs j JOIN chats c ON c.id = j.chat_id "
      "WHERE j.id = ? AND j.fence = ? AND j.state = 'running' AND c.deleted_at IS NULL",
      chat_columns);
  auto row = db.query(sql, job, fence);
  if (!row.step()) return std::nullopt;
  return HeldJob{row.number<domain::Seq>(0), chat_at(row, 2), row.integer(1) != 0};
}

std::unexpected<base::Error> stale_fence() {
  return base::fail(ErrorCode::conflict, "this job is no longer the caller's", "stale_fence");
}

void end_job(Connection& db, domain::JobId job, domain::JobState state, domain::Seq answer) {
  db.run("UPDATE ai_jobs SET state = ?2, answer_seq = ?3, lease_until = NULL WHERE id = ?1", job,
         domain::to_string(state), answer);
}

/// Says in the chat that there will be no answer, and why.
domain::Position end_without_answer(Transaction& transaction, domain::JobId job,
                                    const HeldJob& held, std::string_view code) {
  Connection& db = transaction.db;
  ChatStream stream(transaction, held.chat, trace_of(db, held.chat.id, held.prompt));
  const auto position =
      stream.append(EventType::answer_failed, domain::answer_failed_data(job, held.prompt, code),
                    next_open_job(db, held.chat.id, job));
  end_job(db, job, domain::state_without_answer(code), position.seq);
  return position;
}

domain::Message make_answer(Transaction& transaction, const ChatStream& stream, const HeldJob& held,
                            const ports::FinishedAnswer& answer,
                            std::optional<domain::RubricVersion> version) {
  return {.chat = held.chat.id,
          .seq = stream.next(),
          .id = transaction.make_id<domain::MessageId>(stream.at()),
          .role = domain::MessageRole::ai,
          .user = {},
          .content = answer.content,
          .reply_to = held.prompt,
          .client_id = "",
          .meta = version ? domain::with_rubric_version(answer.meta, *version) : answer.meta,
          .created_at = stream.at(),
          .edited_at = {}};
}

}  // namespace

std::optional<ports::ClaimedJob> claim_job(Transaction& transaction, domain::JobId job,
                                           base::Milliseconds lease) {
  Connection& db = transaction.db;
  const auto leased = take_lease(transaction, job, lease);
  if (!leased) return std::nullopt;
  const auto* const taken = &leased->job;
  auto prompt = find_message(db, taken->chat, taken->prompt_seq);
  // Removing a prompt cancels its jobs, so an open job has one.
  if (!prompt) throw Defect("an open job has no prompt");
  static const std::string sql = fmt::format("SELECT {} FROM chats c WHERE c.id = ?", chat_columns);
  ports::ClaimedJob claimed{.job = *taken, .prompt = std::move(*prompt)};
  {
    auto row = db.query(sql, taken->chat);
    row.step();
    auto chat = chat_at(row, 0);
    claimed.chat_title = std::move(chat.title);
    claimed.context = std::move(chat.context);
  }
  claimed.history = history_of(db, taken->chat, taken->prompt_seq);
  auto rubric = current_rubric(db, taken->chat);
  claimed.rubric = std::move(rubric.document);
  claimed.rubric_version = rubric.version;
  claimed.previous_rubric =
      rubric_document(db, taken->chat, domain::RubricVersion(rubric.version.value() - 1));
  if (claimed.prompt.user) {
    if (const auto user = find_user(db, *claimed.prompt.user)) claimed.locale = user->locale;
  }
  claimed.trace = trace_of(db, taken->chat, taken->prompt_seq);
  claimed.stopped = leased->stopped;
  return claimed;
}

bool extend_lease(Transaction& transaction, domain::JobId job, domain::Fence fence,
                  base::Milliseconds lease) {
  return transaction.db.run(
             "UPDATE ai_jobs SET lease_until = ?3 "
             "WHERE id = ?1 AND fence = ?2 AND state = 'running'",
             job, fence, base::Time(transaction.now() + lease)) == 1;
}

bool release_job(Transaction& transaction, domain::JobId job, domain::Fence fence) {
  return transaction.db.run(
             "UPDATE ai_jobs SET state = 'queued', lease_until = NULL "
             "WHERE id = ?1 AND fence = ?2 AND state = 'running'",
             job, fence) == 1;
}

base::Result<domain::Position> finish_job(Transaction& transaction,
                                          const ports::FinishedAnswer& answer) {
  Connection& db = transaction.db;
  if (answer.content.empty() || answer.content.size() > ports::answer_bytes_max) {
    return base::fail(ErrorCode::invalid, "an answer has 1 to 65536 bytes", "bad_answer");
  }
  const auto held = held_job(db, answer.job, answer.fence);
  if (!held) return stale_fence();
  if (held->stopped && answer.ending == ports::AnswerEnding::whole) return domain::answer_stopped();
  std::optional<domain::RubricVersion> version;
  domain::Seq answered;
  if (answer.rubric) {
    const auto current = current_rubric(db, held->chat.id);
    if (current.version != answer.rubric_base) {
      return base::fail(ErrorCode::conflict, "the rubric changed in the meantime",
                        "rubric_changed");
    }
    version = current.version.next();
    answered = current.answered;
  }
  ChatStream stream(transaction, held->chat, trace_of(db, held->chat.id, held->prompt));
  // The rubric goes first, so that whoever sees the answer has the version that it speaks of.
  if (version) {
    append_rubric(transaction, stream, held->chat.id,
                  {.version = *version,
                   .document = *answer.rubric,
                   .by = domain::MessageRole::ai,
                   .user = {},
                   .updated_at = stream.at(),
                   .answered = answered});
  }
  const auto message = make_answer(transaction, stream, *held, answer, version);
  insert_message(db, message);
  const auto position =
      stream.append(EventType::message_created, domain::message_created_data(message),
                    next_open_job(db, held->chat.id, answer.job));
  if (held->chat.title.empty() && !answer.title.empty()) {
    domain::Chat named = held->chat;
    named.title = answer.title;
    rename_chat(transaction, stream, named, held->chat.title, std::nullopt);
  }
  end_job(db, answer.job, domain::JobState::done, message.seq);
  return position;
}

base::Result<domain::Position> fail_job(Transaction& transaction, domain::JobId job,
                                        domain::Fence fence, std::string_view reason) {
  const auto held = held_job(transaction.db, job, fence);
  if (!held) return stale_fence();
  return end_without_answer(transaction, job, *held, reason);
}

base::Result<domain::JobId> stop_answer(Transaction& transaction, domain::UserId user,
                                        domain::ChatId chat, domain::Seq question) {
  Connection& db = transaction.db;
  auto access = require_writer(db, user, chat);
  if (!access) return std::unexpected(access.error());
  const auto message = find_message(db, chat, question);
  if (!message || message->role != domain::MessageRole::user) return domain::no_such_question();
  domain::JobId job;
  bool nobody_works = false;
  {
    const auto now = transaction.now();
    auto row = db.query(
        "SELECT id, state = 'queued' OR lease_until NOT BETWEEN ?3 AND ?4 FROM ai_jobs "
        "WHERE chat_id = ?1 AND prompt_seq = ?2 AND state IN ('queued', 'running')",
        chat, question, now, base::Time(now + ports::lease_max));
    if (!row.step()) return domain::nothing_to_stop();
    job = row.id<domain::JobId>(0);
    nobody_works = row.integer(1) != 0;
  }
  if (nobody_works) {
    end_without_answer(transaction, job, {question, std::move(access->chat)}, domain::stopped_code);
  } else {
    db.run("UPDATE ai_jobs SET stopped = 1 WHERE id = ?", job);
  }
  return job;
}

}  // namespace rubricon::sqlite
