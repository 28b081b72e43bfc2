#include <rubricon/postgres/job_writes.hpp>

#include <rubricon/domain/event_data.hpp>
#include <rubricon/postgres/access.hpp>
#include <rubricon/postgres/chat_writes.hpp>
#include <rubricon/postgres/event_log.hpp>
#include <rubricon/postgres/message_queries.hpp>
#include <rubricon/postgres/message_writes.hpp>
#include <rubricon/postgres/rows.hpp>
#include <rubricon/postgres/rubric_writes.hpp>

#include <fmt/format.h>
#include <utility>

namespace rubricon::postgres {
namespace {

using base::ErrorCode;
using domain::EventType;

/// A job that its holder may still end, its chat, and what goes with its end.
struct HeldJob {
  domain::Seq prompt;
  domain::Chat chat;
  domain::RubricVersion rubric;
  domain::Seq answered;               ///< RubricRecord::answered of that version
  std::optional<domain::JobId> next;  ///< the chat's earliest other job
  std::string trace;
  bool stopped = false;
};

struct TakenJob {
  domain::AiJob job;
  bool stopped = false;
};

base::Task<std::optional<TakenJob>> take_lease(Transaction* transaction, domain::JobId job,
                                               base::Milliseconds lease) {
  const auto now = transaction->now();
  const auto taken = co_await transaction->query(
      "UPDATE ai_jobs AS j SET state = 'running', attempt = attempt + 1, fence = fence + 1, "
      "lease_until = $2 WHERE j.id = $1 "
      "AND (j.state = 'queued' OR "
      "(j.state = 'running' AND j.lease_until NOT BETWEEN $3 AND $4)) "
      "AND NOT EXISTS (SELECT 1 FROM ai_jobs e WHERE e.chat_id = j.chat_id "
      "AND e.state IN ('queued', 'running') AND ((e.prompt_seq, e.variant) < (j.prompt_seq, "
      "j.variant) OR (e.id <> j.id AND e.state = 'running' "
      "AND e.lease_until BETWEEN $3 AND $4))) "
      "AND EXISTS (SELECT 1 FROM chats c WHERE c.id = j.chat_id AND c.deleted_at IS NULL) "
      "RETURNING chat_id, prompt_seq, variant, attempt, fence, stopped",
      job, base::Time(now + lease), now, base::Time(now + ports::lease_max));
  if (taken.empty()) co_return std::nullopt;
  const auto row = taken.front();
  co_return TakenJob{.job = {.id = job,
                             .chat = row.id<domain::ChatId>(0),
                             .prompt_seq = row.number<domain::Seq>(1),
                             .variant = static_cast<int>(row.integer(2)),
                             .state = domain::JobState::running,
                             .attempt = static_cast<int>(row.integer(3)),
                             .fence = row.number<domain::Fence>(4)},
                     .stopped = row.boolean(5)};
}

/// Other people's later messages are left out: they are prompts of their own.
Query history_query(domain::ChatId chat, domain::Seq prompt) {
  static const std::string sql = fmt::format(
      "SELECT {} FROM messages m WHERE m.chat_id = $1 AND m.seq <> $2 "
      "AND (m.seq < $2 OR m.role = 'AI') ORDER BY m.created_at DESC, m.seq DESC LIMIT $3",
      message_columns);
  return query(sql, chat, prompt, ports::prompt_history_max);
}

Query chat_query(domain::ChatId chat) {
  static const std::string sql =
      fmt::format("SELECT {} FROM chats c WHERE c.id = $1", chat_columns);
  return query(sql, chat);
}

Query trace_query(domain::ChatId chat, domain::Seq seq) {
  return query("SELECT trace FROM events WHERE stream = $1 AND seq = $2", chat, seq);
}

std::string trace_in(const Answer& answer) {
  return answer.empty() ? "" : answer.front().text(0);
}

/// The last two versions, the newer one first.
Query last_rubrics_query(domain::ChatId chat) {
  return query(
      "SELECT v.document, v.version FROM rubrics r JOIN rubric_versions v "
      "ON v.chat_id = r.chat_id AND v.version IN (r.version, r.version - 1) "
      "WHERE r.chat_id = $1 ORDER BY v.version DESC",
      chat);
}

/// Locks the job's chat; nullopt where the job is not the caller's, or the chat is gone.
base::Task<std::optional<HeldJob>> hold_job(Transaction* transaction, domain::JobId job,
                                            domain::Fence fence) {
  lock_chat_of(transaction, job);
  static const std::string sql = fmt::format(
      "SELECT {}, j.prompt_seq, j.stopped FROM ai_jobs j JOIN chats c ON c.id = j.chat_id "
      "WHERE j.id = $1 AND j.fence = $2 AND j.state = 'running' AND c.deleted_at IS NULL",
      chat_columns);
  const auto found = co_await transaction->query(sql, job, fence);
  if (found.empty()) co_return std::nullopt;
  HeldJob held{.prompt = found.front().number<domain::Seq>(chat_width),
               .chat = chat_at(found.front(), 0),
               .rubric = {},
               .answered = {},
               .next = {},
               .trace = {},
               .stopped = found.front().boolean(chat_width + 1)};
  const auto more = co_await transaction->ask_all(together(rubric_query(held.chat.id),
                                                           next_open_job_query(held.chat.id, job),
                                                           trace_query(held.chat.id, held.prompt)));
  if (const auto rubric = rubric_in(more[0])) {
    held.rubric = rubric->version;
    held.answered = rubric->answered;
  }
  held.next = job_in(more[1]);
  held.trace = trace_in(more[2]);
  co_return held;
}

std::unexpected<base::Error> stale_fence() {
  return base::fail(ErrorCode::conflict, "this job is no longer the caller's", "stale_fence");
}

void end_job(Transaction* transaction, domain::JobId job, domain::JobState state,
             domain::Seq answer) {
  transaction->run(
      "UPDATE ai_jobs SET state = $2, answer_seq = $3, lease_until = NULL WHERE id = $1", job,
      std::string_view(domain::to_string(state)), answer);
}

/// Says in the chat that there will be no answer, and why.
domain::Position end_without_answer(Transaction* transaction, domain::JobId job,
                                    const HeldJob& held, std::string_view code) {
  ChatStream stream(transaction, held.chat, held.trace);
  const auto position = stream.append(
      EventType::answer_failed, domain::answer_failed_data(job, held.prompt, code), held.next);
  end_job(transaction, job, domain::state_without_answer(code), position.seq);
  return position;
}

domain::Message make_answer(Transaction* transaction, const ChatStream& stream, const HeldJob& held,
                            const ports::FinishedAnswer& answer,
                            std::optional<domain::RubricVersion> version) {
  return {.chat = held.chat.id,
          .seq = stream.next(),
          .id = transaction->make_id<domain::MessageId>(stream.at()),
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

void lock_chat_of(Transaction* transaction, domain::JobId job) {
  transaction->run(
      "SELECT 1 FROM chats WHERE id = (SELECT chat_id FROM ai_jobs WHERE id = $1) "
      "FOR NO KEY UPDATE",
      job);
}

base::Task<std::optional<ports::ClaimedJob>> claim_job(Transaction* transaction, domain::JobId job,
                                                       base::Milliseconds lease) {
  lock_chat_of(transaction, job);
  const auto leased = co_await take_lease(transaction, job, lease);
  if (!leased) co_return std::nullopt;
  const auto* const taken = &leased->job;
  const auto asked = co_await transaction->ask_all(
      together(message_query(taken->chat, taken->prompt_seq), chat_query(taken->chat),
               history_query(taken->chat, taken->prompt_seq), last_rubrics_query(taken->chat),
               trace_query(taken->chat, taken->prompt_seq)));
  auto prompt = message_in(asked[0]);
  // Removing a prompt cancels its jobs, so an open job has one.
  if (!prompt) throw Defect("an open job has no prompt");
  ports::ClaimedJob claimed{.job = *taken, .prompt = std::move(*prompt)};
  auto chat = chat_at(asked[1].front(), 0);
  claimed.chat_title = std::move(chat.title);
  claimed.context = std::move(chat.context);
  claimed.history = messages_in(asked[2]);
  const auto& rubrics = asked[3];
  if (!rubrics.empty()) {
    claimed.rubric = rubrics.front().text(0);
    claimed.rubric_version = rubrics.front().number<domain::RubricVersion>(1);
  }
  if (rubrics.size() > 1) claimed.previous_rubric = rubrics[1].text(0);
  claimed.trace = trace_in(asked[4]);
  claimed.stopped = leased->stopped;
  if (claimed.prompt.user) {
    const auto user = user_in(co_await transaction->ask(user_query(*claimed.prompt.user)));
    if (user) claimed.locale = user->locale;
  }
  co_return claimed;
}

base::Task<bool> extend_lease(Transaction* transaction, domain::JobId job, domain::Fence fence,
                              base::Milliseconds lease) {
  const auto extended = co_await transaction->ask_and_commit(
      query("UPDATE ai_jobs SET lease_until = $3 WHERE id = $1 AND fence = $2 "
            "AND state = 'running'",
            job, fence, base::Time(transaction->now() + lease)));
  co_return extended.changed() == 1;
}

base::Task<bool> release_job(Transaction* transaction, domain::JobId job, domain::Fence fence) {
  const auto released = co_await transaction->ask_and_commit(
      query("UPDATE ai_jobs SET state = 'queued', lease_until = NULL "
            "WHERE id = $1 AND fence = $2 AND state = 'running'",
            job, fence));
  co_return released.changed() == 1;
}

base::Task<base::Result<domain::Position>> finish_job(Transaction* transaction,
                                                      ports::FinishedAnswer answer) {
  if (answer.content.empty() || answer.content.size() > ports::answer_bytes_max) {
    co_return base::fail(ErrorCode::invalid, "an answer has 1 to 65536 bytes", "bad_answer");
  }
  const auto held = co_await hold_job(transaction, answer.job, answer.fence);
  if (!held) co_return stale_fence();
  if (held->stopped && answer.ending == ports::AnswerEnding::whole) {
    co_return domain::answer_stopped();
  }
  std::optional<domain::RubricVersion> version;
  if (answer.rubric) {
    if (held->rubric != answer.rubric_base) {
      co_return base::fail(ErrorCode::conflict, "the rubric changed in the meantime",
                           "rubric_changed");
    }
    version = held->rubric.next();
  }
  ChatStream stream(transaction, held->chat, held->trace);
  // The rubric goes first, so that whoever sees the answer has the version that it speaks of.
  if (version) {
    append_rubric(transaction, stream, held->chat.id,
                  {.version = *version,
                   .document = *answer.rubric,
                   .by = domain::MessageRole::ai,
                   .user = {},
                   .updated_at = stream.at(),
                   .answered = held->answered});
  }
  const auto message = make_answer(transaction, stream, *held, answer, version);
  insert_message(transaction, message);
  const auto position =
      stream.append(EventType::message_created, domain::message_created_data(message), held->next);
  if (held->chat.title.empty() && !answer.title.empty()) {
    domain::Chat named = held->chat;
    named.title = answer.title;
    rename_chat(transaction, stream, named, std::nullopt);
  }
  end_job(transaction, answer.job, domain::JobState::done, message.seq);
  co_return position;
}

base::Task<base::Result<domain::Position>> fail_job(Transaction* transaction, domain::JobId job,
                                                    domain::Fence fence, std::string reason) {
  const auto held = co_await hold_job(transaction, job, fence);
  if (!held) co_return stale_fence();
  co_return end_without_answer(transaction, job, *held, reason);
}

base::Task<base::Result<domain::JobId>> stop_answer(Transaction* transaction, domain::UserId user,
                                                    domain::ChatId chat, domain::Seq question) {
  lock_chat(transaction, chat);
  const auto now = transaction->now();
  const auto asked = co_await transaction->ask_all(together(
      access_query(user, chat), message_query(chat, question),
      query("SELECT id, state = 'queued' OR lease_until NOT BETWEEN $3 AND $4 FROM ai_jobs "
            "WHERE chat_id = $1 AND prompt_seq = $2 AND state IN ('queued', 'running')",
            chat, question, now, base::Time(now + ports::lease_max))));
  auto access = writer_access(asked[0]);
  if (!access) co_return std::unexpected(access.error());
  const auto message = message_in(asked[1]);
  if (!message || message->role != domain::MessageRole::user) co_return domain::no_such_question();
  if (asked[2].empty()) co_return domain::nothing_to_stop();
  const auto job = asked[2].front().id<domain::JobId>(0);
  if (!asked[2].front().boolean(1)) {
    transaction->run("UPDATE ai_jobs SET stopped = true WHERE id = $1", job);
    co_return job;
  }
  const auto more = co_await transaction->ask_all(
      together(next_open_job_query(chat, job), trace_query(chat, question)));
  const HeldJob held{.prompt = question,
                     .chat = std::move(access->chat),
                     .rubric = {},
                     .next = job_in(more[0]),
                     .trace = trace_in(more[1])};
  end_without_answer(transaction, job, held, domain::stopped_code);
  co_return job;
}

}  // namespace rubricon::postgres
