#include <rubricon/memory/job_writes.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/base/seeded_bug.hpp>
#include <rubricon/domain/event_data.hpp>
#include <rubricon/memory/chat_rows.hpp>
#include <rubricon/memory/chat_writes.hpp>
#include <rubricon/memory/event_log.hpp>
#include <rubricon/memory/rubric_writes.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::memory {
namespace {

using base::ErrorCode;
using domain::EventType;
using domain::JobState;

const JobRow* find_job(const View& rows, domain::JobId job) {
  const auto* const key = rows.job_keys.find(job);
  return key ? rows.jobs.find(*key) : nullptr;
}

void put_job(Transaction& transaction, const JobRow& row) {
  RUBRICON_ASSERT(transaction.holds(row.job.id));
  transaction.rows.jobs.put({row.job.chat, row.job.prompt_seq, row.job.variant}, row);
}

/// The job, if it runs under this fence.
std::optional<JobRow> running_job(const View& rows, domain::JobId job, domain::Fence fence) {
  const auto* const row = find_job(rows, job);
  const bool ours = row && row->job.fence == fence && row->job.state == JobState::running;
  if (RUBRICON_SEEDED_BUG(double_answer) && row) return *row;
  return ours ? std::optional(*row) : std::nullopt;
}

/// The same, if its chat is there to take an answer.
std::optional<JobRow> held_job(const View& rows, domain::JobId job, domain::Fence fence) {
  const auto row = running_job(rows, job, fence);
  return row && living_chat(rows, row->job.chat) ? row : std::nullopt;
}

/// Queued, or with a lease that has run out, or that no clock which is right can have given.
bool is_free(const JobRow& row, base::Time now) {
  return row.job.state == JobState::queued ||
         (row.job.state == JobState::running &&
          (row.lease_until < now || row.lease_until > now + ports::lease_max));
}

/// Whether another job of the chat comes before it, or is being answered.
bool must_wait(const View& rows, const JobRow& row, base::Time now) {
  const auto jobs = jobs_in(rows, row.job.chat);
  return next_open_job(rows, row.job.chat) != row.job.id ||
         std::ranges::any_of(jobs, [&row, now](const JobRow* other) {
           return other->open() && other->job.id != row.job.id && !is_free(*other, now);
         });
}

const domain::Message& prompt_of(const View& rows, const domain::AiJob& job) {
  const auto* const prompt = rows.messages.find({job.chat, job.prompt_seq});
  RUBRICON_ASSERT(prompt != nullptr);  // removing a prompt cancels its jobs
  return *prompt;
}

std::string trace_of(const View& rows, const domain::AiJob& job) {
  return rows.events.find({domain::StreamId(job.chat), job.prompt_seq})->trace;
}

/// Other people's later messages are left out: they are prompts of their own.
std::vector<domain::Message> history_of(const View& rows, const domain::AiJob& job) {
  std::vector<domain::Message> history;
  for (const auto* const message : messages_in(rows, job.chat)) {
    const bool later = message->seq >= job.prompt_seq;
    if (!later || message->role == domain::MessageRole::ai) history.push_back(*message);
  }
  const auto surplus = history.size() - std::min(history.size(), ports::prompt_history_max);
  history.erase(history.begin(), history.begin() + static_cast<std::ptrdiff_t>(surplus));
  return history;
}

std::unexpected<base::Error> stale_fence() {
  return base::fail(ErrorCode::conflict, "this job is no longer the caller's", "stale_fence");
}

void end_job(Transaction& transaction, JobRow row, JobState state, domain::Seq answer) {
  row.job.state = state;
  row.answer = answer;
  row.lease_until = std::nullopt;
  put_job(transaction, row);
}

domain::Message make_answer(Transaction& transaction, const ChatStream& stream,
                            const domain::AiJob& job, const ports::FinishedAnswer& answer,
                            std::optional<domain::RubricVersion> version) {
  return {.chat = job.chat,
          .seq = stream.next(),
          .id = transaction.make_id<domain::MessageId>(stream.at()),
          .role = domain::MessageRole::ai,
          .user = {},
          .content = answer.content,
          .reply_to = job.prompt_seq,
          .client_id = "",
          .meta = version ? domain::with_rubric_version(answer.meta, *version) : answer.meta,
          .created_at = stream.at(),
          .edited_at = {}};
}

/// Says in the chat that there will be no answer, and why.
domain::Position end_without_answer(Transaction& transaction, const JobRow& row,
                                    std::string_view code) {
  const auto& job = row.job;
  ChatStream stream(transaction, job.chat, trace_of(transaction.rows, job));
  const auto position = stream.append(EventType::answer_failed,
                                      domain::answer_failed_data(job.id, job.prompt_seq, code),
                                      next_open_job(transaction.rows, job.chat, job.id));
  end_job(transaction, row, domain::state_without_answer(code), position.seq);
  return position;
}

ports::ClaimedJob claimed_job(const View& rows, const JobRow& row) {
  const auto& job = row.job;
  const auto& chat = rows.chats.find(job.chat)->chat;
  ports::ClaimedJob claimed{.job = job,
                            .prompt = prompt_of(rows, job),
                            .history = history_of(rows, job),
                            .chat_title = chat.title,
                            .context = chat.context,
                            .rubric = {},
                            .rubric_version = {},
                            .trace = trace_of(rows, job),
                            .previous_rubric = {},
                            .stopped = row.stopped};
  if (const auto* const rubric = current_rubric(rows, job.chat)) {
    claimed.rubric = rubric->document;
    claimed.rubric_version = rubric->version;
    const domain::RubricVersion previous(rubric->version.value() - 1);
    const auto* const before = rows.rubrics.find({job.chat, previous});
    if (before) claimed.previous_rubric = before->document;
  }
  if (claimed.prompt.user) claimed.locale = rows.users.find(*claimed.prompt.user)->user.locale;
  return claimed;
}

}  // namespace

std::optional<ports::ClaimedJob> claim_job(Transaction& transaction, domain::JobId job,
                                           base::Milliseconds lease) {
  const View& rows = transaction.rows;
  const auto* const found = find_job(rows, job);
  if (!found || !is_free(*found, transaction.now())) return std::nullopt;
  if (!living_chat(rows, found->job.chat)) return std::nullopt;
  if (must_wait(rows, *found, transaction.now())) return std::nullopt;
  JobRow row = *found;
  row.job.state = JobState::running;
  row.job.fence = row.job.fence.next();
  ++row.job.attempt;
  row.lease_until = transaction.now() + lease;
  put_job(transaction, row);
  return claimed_job(rows, row);
}

bool extend_lease(Transaction& transaction, domain::JobId job, domain::Fence fence,
                  base::Milliseconds lease) {
  auto row = running_job(transaction.rows, job, fence);
  if (!row) return false;
  row->lease_until = transaction.now() + lease;
  put_job(transaction, *row);
  return true;
}

bool release_job(Transaction& transaction, domain::JobId job, domain::Fence fence) {
  auto row = running_job(transaction.rows, job, fence);
  if (!row) return false;
  row->job.state = JobState::queued;
  row->lease_until = std::nullopt;
  put_job(transaction, *row);
  return true;
}

base::Result<domain::Position> finish_job(Transaction& transaction,
                                          const ports::FinishedAnswer& answer) {
  View& rows = transaction.rows;
  if (answer.content.empty() || answer.content.size() > ports::answer_bytes_max) {
    return base::fail(ErrorCode::invalid, "an answer has 1 to 65536 bytes", "bad_answer");
  }
  const auto held = held_job(rows, answer.job, answer.fence);
  if (!held) return stale_fence();
  if (held->stopped && answer.ending == ports::AnswerEnding::whole) return domain::answer_stopped();
  const auto chat = held->job.chat;
  std::optional<domain::RubricVersion> version;
  domain::Seq answered;
  if (answer.rubric) {
    const auto* const rubric = current_rubric(rows, chat);
    const auto current = rubric ? rubric->version : domain::RubricVersion();
    if (current != answer.rubric_base) {
      return base::fail(ErrorCode::conflict, "the rubric changed in the meantime",
                        "rubric_changed");
    }
    version = current.next();
    answered = rubric ? rubric->answered : domain::Seq();
  }
  ChatStream stream(transaction, chat, trace_of(rows, held->job));
  // The rubric goes first, so that whoever sees the answer has the version that it speaks of.
  if (version) {
    append_rubric(transaction, stream, chat,
                  {.version = *version,
                   .document = *answer.rubric,
                   .by = domain::MessageRole::ai,
                   .user = {},
                   .updated_at = stream.at(),
                   .answered = answered});
  }
  const auto message = make_answer(transaction, stream, held->job, answer, version);
  rows.messages.put({chat, message.seq}, message);
  const auto position =
      stream.append(EventType::message_created, domain::message_created_data(message),
                    next_open_job(rows, chat, answer.job));
  domain::Chat named = rows.chats.find(chat)->chat;
  if (named.title.empty() && !answer.title.empty()) {
    named.title = answer.title;
    rename_chat(transaction, stream, named, std::nullopt);
  }
  end_job(transaction, *held, JobState::done, message.seq);
  return position;
}

base::Result<domain::Position> fail_job(Transaction& transaction, domain::JobId job,
                                        domain::Fence fence, const std::string& reason) {
  const auto held = held_job(transaction.rows, job, fence);
  if (!held) return stale_fence();
  return end_without_answer(transaction, *held, reason);
}

base::Result<domain::JobId> stop_answer(Transaction& transaction, domain::UserId user,
                                        domain::ChatId chat, domain::Seq question) {
  const View& rows = transaction.rows;
  const auto access = require_writer(rows, user, chat);
  if (!access) return std::unexpected(access.error());
  const auto* const message = rows.messages.find({chat, question});
  if (!message || message->role != domain::MessageRole::user) return domain::no_such_question();
  const auto job = open_job_of(rows, chat, question);
  if (!job) return domain::nothing_to_stop();
  JobRow row = *find_job(rows, *job);
  if (is_free(row, transaction.now())) {
    end_without_answer(transaction, row, domain::stopped_code);
  } else {
    row.stopped = true;
    put_job(transaction, row);
  }
  return *job;
}

std::optional<domain::JobId> open_job_of(const View& rows, domain::ChatId chat,
                                         domain::Seq question) {
  for (const auto* const row : jobs_in(rows, chat)) {
    if (row->job.prompt_seq == question && row->open()) return row->job.id;
  }
  return std::nullopt;
}

bool is_stopped(const View& rows, domain::JobId job) {
  const auto* const row = find_job(rows, job);
  return row && row->stopped && row->job.state == JobState::running;
}

std::vector<domain::JobId> due_jobs(const View& rows, base::Time now, base::Milliseconds queued_for,
                                    std::size_t limit) {
  std::vector<const JobRow*> due;
  std::optional<domain::ChatId> chat;  // whose earliest open job has been seen
  for (const auto* const row : rows.jobs.all()) {
    if (!row->open() || row->job.chat == chat) continue;
    chat = row->job.chat;
    const bool waits = row->job.state == JobState::running || row->queued_at < now - queued_for ||
                       row->queued_at > now;
    if (waits && is_free(*row, now) && living_chat(rows, *chat)) due.push_back(row);
  }
  std::ranges::sort(due, {},
                    [](const auto* row) { return std::pair(row->queued_at, row->job.id); });
  if (due.size() > limit) due.resize(limit);
  std::vector<domain::JobId> jobs;
  for (const auto* const row : due) jobs.push_back(row->job.id);
  return jobs;
}

}  // namespace rubricon::memory
