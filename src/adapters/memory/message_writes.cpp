#include <rubricon/memory/message_writes.hpp>

#include <rubricon/base/seeded_bug.hpp>
#include <rubricon/domain/event_data.hpp>
#include <rubricon/memory/chat_rows.hpp>
#include <rubricon/memory/event_log.hpp>
#include <rubricon/memory/responses.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::memory {
namespace {

using base::ErrorCode;
using domain::EventType;

ports::PostedMessage store_post(Transaction& transaction, const domain::Chat& chat,
                                const ports::PostMessage& request) {
  ChatStream stream(transaction, chat.id, request.trace);
  const domain::Message message{.chat = chat.id,
                                .seq = stream.next(),
                                .id = transaction.make_id<domain::MessageId>(stream.at()),
                                .role = domain::MessageRole::user,
                                .user = request.user,
                                .content = request.content.value(),
                                .reply_to = {},
                                .client_id = request.key ? request.key->value() : "",
                                .meta = "{}",
                                .created_at = stream.at(),
                                .edited_at = {}};
  transaction.rows.messages.put({chat.id, message.seq}, message);
  const auto job = insert_job(transaction, chat, message.seq, 0);
  const auto position =
      stream.append(EventType::message_created, domain::message_created_data(message), job);
  return {message.id, position, message.created_at};
}

const domain::Message* find_message(const View& rows, domain::ChatId chat, domain::MessageId id) {
  const auto messages = messages_in(rows, chat);
  const auto found = std::ranges::find(messages, id, &domain::Message::id);
  return found == messages.end() ? nullptr : *found;
}

/// The message, if `user` may change it.
base::Result<domain::Message> own_message(const View& rows, domain::UserId user,
                                          domain::ChatId chat, domain::MessageId id) {
  const auto access = require_writer(rows, user, chat);
  if (!access) return std::unexpected(access.error());
  const auto* const message = find_message(rows, chat, id);
  if (!message) return base::fail(ErrorCode::not_found, "no such message");
  if (message->role != domain::MessageRole::user || message->user != user) {
    return base::fail(ErrorCode::forbidden, "only the author may change a message");
  }
  return *message;
}

/// Nobody waits for the answer to a text that is no longer there. True where there was one to come.
bool cancel_jobs(Transaction& transaction, domain::ChatId chat, domain::MessageId id) {
  const auto jobs = open_jobs_of(transaction.rows, chat, id);
  for (const auto job : jobs) {
    const JobKey key = *transaction.rows.job_keys.find(job);
    JobRow row = *transaction.rows.jobs.find(key);
    row.job.state = domain::JobState::cancelled;
    transaction.rows.jobs.put(key, row);
  }
  return !jobs.empty();
}

/// The job of the next variant, where the message was a question to the assistant.
std::optional<domain::JobId> ask_again(Transaction& transaction, const domain::Chat& chat,
                                       const domain::Message& prompt) {
  std::optional<int> last_variant;
  for (const auto* const row : jobs_in(transaction.rows, chat.id)) {
    if (row->job.prompt_seq == prompt.seq) last_variant = row->job.variant;
  }
  if (!last_variant) return std::nullopt;
  const bool cancelled = cancel_jobs(transaction, chat.id, prompt.id);
  const auto job = insert_job(transaction, chat, prompt.seq, *last_variant + 1);
  return job || !cancelled ? job : next_open_job(transaction.rows, chat.id);
}

}  // namespace

std::optional<domain::JobId> insert_job(Transaction& transaction, const domain::Chat& chat,
                                        domain::Seq prompt, int variant) {
  if (!domain::wants_answer(chat.context)) return std::nullopt;
  if (RUBRICON_SEEDED_BUG(job_not_stored) && prompt.value() % 4 == 0) return std::nullopt;
  const auto now = transaction.now();
  const domain::AiJob job{.id = transaction.make_id<domain::JobId>(now),
                          .chat = chat.id,
                          .prompt_seq = prompt,
                          .variant = variant};
  const JobKey key{chat.id, prompt, job.variant};
  transaction.rows.jobs.put(key, {.job = job, .queued_at = now, .lease_until = {}, .answer = {}});
  transaction.rows.job_keys.put(job.id, key);
  return job.id;
}

base::Result<ports::PostedMessage> post_message(Transaction& transaction,
                                                const ports::PostMessage& request) {
  const auto access = require_writer(transaction.rows, request.user, request.chat);
  if (!access) return std::unexpected(access.error());
  const auto key = response_key(request);
  if (!key) return store_post(transaction, access->chat, request);
  const auto text = request_of({request.chat.to_string(), request.content.value()});
  const auto response = find_response<ports::PostedMessage>(transaction, *key, text);
  if (!response) return std::unexpected(response.error());
  if (*response) return **response;
  const auto posted = store_post(transaction, access->chat, request);
  store_response(transaction, *key, text, posted);
  return posted;
}

base::Result<domain::Message> edit_message(Transaction& transaction, domain::UserId user,
                                           domain::ChatId chat, domain::MessageId id,
                                           const domain::MessageText& content) {
  auto message = own_message(transaction.rows, user, chat, id);
  if (!message || message->content == content.value()) return message;
  ChatStream stream(transaction, chat, {});
  message->content = content.value();
  message->edited_at = stream.at();
  transaction.rows.messages.put({chat, message->seq}, *message);
  const auto job = ask_again(transaction, transaction.rows.chats.find(chat)->chat, *message);
  stream.append(EventType::message_updated, domain::message_updated_data(*message), job);
  return message;
}

base::Result<domain::JobId> ask_question_again(Transaction& transaction, domain::UserId user,
                                               domain::ChatId chat, domain::Seq question) {
  const auto access = require_writer(transaction.rows, user, chat);
  if (!access) return std::unexpected(access.error());
  const auto* const message = transaction.rows.messages.find({chat, question});
  if (!message || message->role != domain::MessageRole::user) return domain::no_such_question();
  int variant = 0;
  for (const auto* const row : jobs_in(transaction.rows, chat)) {
    if (row->job.prompt_seq != question) continue;
    if (row->open()) return domain::answer_pending();
    variant = row->job.variant + 1;
  }
  const auto job =
      insert_job(transaction, transaction.rows.chats.find(chat)->chat, question, variant);
  if (!job) return domain::assistant_off();
  return *job;
}

base::Result<void> remove_message(Transaction& transaction, domain::UserId user,
                                  domain::ChatId chat, domain::MessageId id) {
  const auto message = own_message(transaction.rows, user, chat, id);
  if (!message) return std::unexpected(message.error());
  const bool cancelled = cancel_jobs(transaction, chat, id);
  transaction.rows.messages.erase({chat, message->seq});
  ChatStream stream(transaction, chat, {});
  stream.append(EventType::message_deleted, domain::message_deleted_data(id),
                cancelled ? next_open_job(transaction.rows, chat) : std::nullopt);
  return {};
}

std::vector<domain::JobId> open_jobs_of(const View& rows, domain::ChatId chat,
                                        domain::MessageId id) {
  const auto* const message = find_message(rows, chat, id);
  std::vector<domain::JobId> jobs;
  for (const auto* const row : jobs_in(rows, chat)) {
    if (message && row->open() && row->job.prompt_seq == message->seq) jobs.push_back(row->job.id);
  }
  std::ranges::sort(jobs);
  return jobs;
}

std::optional<ResponseKey> response_key(const ports::PostMessage& request) {
  if (!request.key) return std::nullopt;
  return ResponseKey{request.user, "post-message", request.key->value()};
}

}  // namespace rubricon::memory
