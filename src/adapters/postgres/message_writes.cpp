#include <rubricon/postgres/message_writes.hpp>

#include <rubricon/domain/event_data.hpp>
#include <rubricon/postgres/access.hpp>
#include <rubricon/postgres/event_log.hpp>
#include <rubricon/postgres/message_queries.hpp>
#include <rubricon/postgres/rows.hpp>
#include <rubricon/postgres/search_index.hpp>

#include <utility>

namespace rubricon::postgres {
namespace {

using base::ErrorCode;
using domain::EventType;

/// The message and its chat, if `user` may change it.
struct OwnMessage {
  domain::Chat chat;
  domain::Message message;
};

base::Task<base::Result<OwnMessage>> require_author(Transaction* transaction, domain::UserId user,
                                                    domain::ChatId chat, domain::MessageId id) {
  lock_chat(transaction, chat);
  const auto asked =
      co_await transaction->ask_all(together(access_query(user, chat), message_query(chat, id)));
  auto access = writer_access(asked[0]);
  if (!access) co_return std::unexpected(access.error());
  auto message = message_in(asked[1]);
  if (!message) co_return base::fail(ErrorCode::not_found, "no such message");
  if (message->role != domain::MessageRole::user || message->user != user) {
    co_return base::fail(ErrorCode::forbidden, "only the author may change a message");
  }
  co_return OwnMessage{std::move(access->chat), std::move(*message)};
}

/// Nobody waits for the answer to a text that is no longer there. True where there was one to come.
base::Task<bool> cancel_jobs(Transaction* transaction, domain::ChatId chat, domain::Seq prompt) {
  const auto cancelled = co_await transaction->query(
      "UPDATE ai_jobs SET state = 'cancelled' "
      "WHERE chat_id = $1 AND prompt_seq = $2 AND state IN ('queued', 'running')",
      chat, prompt);
  co_return cancelled.changed() > 0;
}

base::Task<std::optional<domain::JobId>> next_open_job(Transaction* transaction,
                                                       domain::ChatId chat) {
  co_return job_in(co_await transaction->ask(next_open_job_query(chat, {})));
}

/// The job of the next variant, where the message was a question to the assistant.
base::Task<std::optional<domain::JobId>> ask_again(Transaction* transaction, domain::Chat chat,
                                                   domain::Seq prompt) {
  const auto newest = co_await transaction->query(
      "SELECT max(variant) FROM ai_jobs WHERE chat_id = $1 AND prompt_seq = $2", chat.id, prompt);
  if (newest.front().null(0)) co_return std::nullopt;
  const bool cancelled = co_await cancel_jobs(transaction, chat.id, prompt);
  if (!domain::wants_answer(chat.context)) {
    if (!cancelled) co_return std::nullopt;
    co_return co_await next_open_job(transaction, chat.id);
  }
  co_return insert_job(transaction, chat.id, prompt, newest.front().integer(0) + 1);
}

}  // namespace

domain::JobId insert_job(Transaction* transaction, domain::ChatId chat, domain::Seq prompt,
                         std::int64_t variant) {
  const auto now = transaction->now();
  const auto id = transaction->make_id<domain::JobId>(now);
  transaction->run(
      "INSERT INTO ai_jobs (chat_id, prompt_seq, variant, id, state, queued_at) "
      "VALUES ($1, $2, $3, $4, 'queued', $5)",
      chat, prompt, variant, id, now);
  return id;
}

base::Task<base::Result<domain::Message>> edit_message(Transaction* transaction,
                                                       domain::UserId user, domain::ChatId chat,
                                                       domain::MessageId id,
                                                       domain::MessageText content) {
  auto own = co_await require_author(transaction, user, chat, id);
  if (!own) co_return std::unexpected(own.error());
  auto& message = own->message;
  if (message.content == content.value()) co_return message;
  ChatStream stream(transaction, own->chat, {});
  message.content = content.value();
  message.edited_at = stream.at();
  transaction->run(
      "UPDATE messages SET content = $4, edited_at = $5, terms = $6::tsvector "
      "WHERE chat_id = $1 AND seq = $2 AND created_at = $3",
      chat, message.seq, message.created_at, message.content, message.edited_at,
      to_tsvector(message.content));
  const auto job = co_await ask_again(transaction, own->chat, message.seq);
  stream.append(EventType::message_updated, domain::message_updated_data(message), job);
  co_return message;
}

base::Task<base::Result<domain::JobId>> ask_question_again(Transaction* transaction,
                                                           domain::UserId user, domain::ChatId chat,
                                                           domain::Seq question) {
  lock_chat(transaction, chat);
  const auto asked = co_await transaction->ask_all(
      together(access_query(user, chat), message_query(chat, question),
               query("SELECT max(variant), bool_or(state IN ('queued', 'running')) FROM ai_jobs "
                     "WHERE chat_id = $1 AND prompt_seq = $2",
                     chat, question)));
  const auto access = writer_access(asked[0]);
  if (!access) co_return std::unexpected(access.error());
  const auto message = message_in(asked[1]);
  if (!message || message->role != domain::MessageRole::user) co_return domain::no_such_question();
  const auto jobs = asked[2].front();
  if (!jobs.null(1) && jobs.boolean(1)) co_return domain::answer_pending();
  if (!domain::wants_answer(access->chat.context)) co_return domain::assistant_off();
  co_return insert_job(transaction, chat, question, jobs.null(0) ? 0 : jobs.integer(0) + 1);
}

base::Task<base::Result<void>> remove_message(Transaction* transaction, domain::UserId user,
                                              domain::ChatId chat, domain::MessageId id) {
  const auto own = co_await require_author(transaction, user, chat, id);
  if (!own) co_return std::unexpected(own.error());
  transaction->run("DELETE FROM messages WHERE chat_id = $1 AND seq = $2 AND created_at = $3", chat,
                   own->message.seq, own->message.created_at);
  std::optional<domain::JobId> next;
  if (co_await cancel_jobs(transaction, chat, own->message.seq)) {
    next = co_await next_open_job(transaction, chat);
  }
  ChatStream stream(transaction, own->chat, {});
  stream.append(EventType::message_deleted, domain::message_deleted_data(id), next);
  co_return base::Result<void>();
}

void insert_message(Transaction* transaction, const domain::Message& message) {
  const auto meta = message.meta == "{}" ? std::nullopt : std::optional(message.meta);
  transaction->run(
      "INSERT INTO messages (chat_id, seq, id, role, user_id, content, reply_to, client_id, meta, "
      "created_at, terms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::tsvector)",
      message.chat, message.seq, message.id, std::string_view(domain::to_string(message.role)),
      message.user, message.content, message.reply_to, unless_empty(message.client_id), meta,
      message.created_at, to_tsvector(message.content));
}

}  // namespace rubricon::postgres
