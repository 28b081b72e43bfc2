#include <rubricon/sqlite/message_writes.hpp>

#include <rubricon/base/failpoint.hpp>
#include <rubricon/domain/event_data.hpp>
#include <rubricon/sqlite/access.hpp>
#include <rubricon/sqlite/event_log.hpp>
#include <rubricon/sqlite/idempotency.hpp>
#include <rubricon/sqlite/message_queries.hpp>
#include <rubricon/sqlite/rows.hpp>
#include <rubricon/sqlite/search_index.hpp>

#include <fmt/format.h>
#include <charconv>
#include <utility>

namespace rubricon::sqlite {
namespace {

using base::ErrorCode;
using domain::EventType;

/// Nobody waits for the answer to a text that is no longer there. True where there was one to come.
bool cancel_jobs(Connection& db, domain::ChatId chat, domain::Seq prompt) {
  return db.run(
             "UPDATE ai_jobs SET state = 'cancelled' "
             "WHERE chat_id = ? AND prompt_seq = ? AND state IN ('queued', 'running')",
             chat, prompt) > 0;
}

/// The job of the next variant, where the message was a question to the assistant.
std::optional<domain::JobId> ask_again(Transaction& transaction, const domain::Chat& chat,
                                       domain::Seq prompt) {
  auto row = transaction.db.query(
      "SELECT max(variant) FROM ai_jobs WHERE chat_id = ? AND prompt_seq = ?", chat.id, prompt);
  if (!row.step() || row.null(0)) return std::nullopt;
  const auto variant = static_cast<int>(row.integer(0)) + 1;
  const bool cancelled = cancel_jobs(transaction.db, chat.id, prompt);
  const auto job = insert_job(transaction, chat, prompt, variant);
  return job || !cancelled ? job : next_open_job(transaction.db, chat.id, {});
}

// The stored response: "<message id> <epoch> <seq>"; the time is the id's.
std::string to_response(const ports::PostedMessage& posted) {
  return fmt::format("{} {} {}", posted.id.to_string(), posted.position.epoch.value(),
                     posted.position.seq.value());
}

ports::PostedMessage from_response(std::string_view text) {
  constexpr std::size_t id_length = 36;
  const auto id = domain::MessageId::parse(text.substr(0, id_length));
  const auto space = text.rfind(' ');
  std::int64_t epoch = 0;
  std::int64_t seq = 0;
  const char* const begin = text.data();
  if (!id || space <= id_length ||
      std::from_chars(begin + id_length + 1, begin + space, epoch).ec != std::errc{} ||
      std::from_chars(begin + space + 1, begin + text.size(), seq).ec != std::errc{}) {
    throw Defect("a stored response is not a posted message");
  }
  return {
      *id, {domain::Epoch(epoch), domain::Seq(seq)}, base::time_from_unix_ms(id->uuid().unix_ms())};
}

ports::PostedMessage store_post(Transaction& transaction, const domain::Chat& chat,
                                const ports::PostMessage& request) {
  ChatStream stream(transaction, chat, request.trace);
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
  insert_message(transaction.db, message);
  const auto job = insert_job(transaction, chat, message.seq, 0);
  const auto position =
      stream.append(EventType::message_created, domain::message_created_data(message), job);
  base::failpoint("api.after_seq");
  return {message.id, position, message.created_at};
}

/// The message, if `user` may change it.
base::Result<domain::Message> own_message(Connection& db, domain::UserId user, domain::ChatId chat,
                                          domain::MessageId id) {
  auto message = find_message(db, chat, id);
  if (!message) return base::fail(ErrorCode::not_found, "no such message");
  if (message->role != domain::MessageRole::user || message->user != user) {
    return base::fail(ErrorCode::forbidden, "only the author may change a message");
  }
  return std::move(*message);
}

}  // namespace

std::optional<domain::JobId> insert_job(Transaction& transaction, const domain::Chat& chat,
                                        domain::Seq prompt, int variant) {
  if (!domain::wants_answer(chat.context)) return std::nullopt;
  const auto now = transaction.now();
  const auto id = transaction.make_id<domain::JobId>(now);
  transaction.db.run(
      "INSERT INTO ai_jobs (chat_id, prompt_seq, variant, id, state, queued_at) "
      "VALUES (?, ?, ?, ?, 'queued', ?)",
      chat.id, prompt, variant, id, now);
  return id;
}

base::Result<ports::PostedMessage> post_message(Transaction& transaction,
                                                const ports::PostMessage& request) {
  const auto access = require_writer(transaction.db, request.user, request.chat);
  if (!access) return std::unexpected(access.error());
  if (!request.key) return store_post(transaction, access->chat, request);
  const RequestName name{request.user, "post-message", *request.key};
  const auto hash = hash_request({request.chat.to_string(), request.content.value()});
  const auto response = find_response(transaction, name, hash);
  if (!response) return std::unexpected(response.error());
  if (*response) return from_response(**response);
  base::failpoint("api.after_idem");
  const auto posted = store_post(transaction, access->chat, request);
  store_response(transaction, name, hash, to_response(posted));
  return posted;
}

base::Result<domain::Message> edit_message(Transaction& transaction, domain::UserId user,
                                           domain::ChatId chat, domain::MessageId id,
                                           const domain::MessageText& content) {
  Connection& db = transaction.db;
  const auto access = require_writer(db, user, chat);
  if (!access) return std::unexpected(access.error());
  auto message = own_message(db, user, chat, id);
  if (!message || message->content == content.value()) return message;
  unindex_document(db, chat, message->seq, message->content);
  ChatStream stream(transaction, access->chat, {});
  message->content = content.value();
  message->edited_at = stream.at();
  db.run("UPDATE messages SET content = ?3, edited_at = ?4 WHERE chat_id = ?1 AND seq = ?2", chat,
         message->seq, message->content, message->edited_at);
  index_document(db, chat, message->seq, message->content);
  const auto job = ask_again(transaction, access->chat, message->seq);
  stream.append(EventType::message_updated, domain::message_updated_data(*message), job);
  return message;
}

base::Result<domain::JobId> ask_question_again(Transaction& transaction, domain::UserId user,
                                               domain::ChatId chat, domain::Seq question) {
  Connection& db = transaction.db;
  const auto access = require_writer(db, user, chat);
  if (!access) return std::unexpected(access.error());
  const auto message = find_message(db, chat, question);
  if (!message || message->role != domain::MessageRole::user) return domain::no_such_question();
  int variant = 0;
  {
    auto row = db.query(
        "SELECT max(variant), max(state IN ('queued', 'running')) FROM ai_jobs "
        "WHERE chat_id = ? AND prompt_seq = ?",
        chat, question);
    row.step();
    if (!row.null(0)) variant = static_cast<int>(row.integer(0)) + 1;
    if (!row.null(1) && row.integer(1) != 0) return domain::answer_pending();
  }
  const auto job = insert_job(transaction, access->chat, question, variant);
  if (!job) return domain::assistant_off();
  return *job;
}

base::Result<void> remove_message(Transaction& transaction, domain::UserId user,
                                  domain::ChatId chat, domain::MessageId id) {
  Connection& db = transaction.db;
  const auto access = require_writer(db, user, chat);
  if (!access) return std::unexpected(access.error());
  const auto message = own_message(db, user, chat, id);
  if (!message) return std::unexpected(message.error());
  unindex_document(db, chat, message->seq, message->content);
  db.run("DELETE FROM messages WHERE chat_id = ? AND seq = ?", chat, message->seq);
  const bool cancelled = cancel_jobs(db, chat, message->seq);
  ChatStream stream(transaction, access->chat, {});
  stream.append(EventType::message_deleted, domain::message_deleted_data(id),
                cancelled ? next_open_job(db, chat, {}) : std::nullopt);
  return {};
}

void insert_message(Connection& db, const domain::Message& message) {
  const auto client_id =
      message.client_id.empty() ? std::nullopt : std::optional(message.client_id);
  const auto meta = message.meta == "{}" ? std::nullopt : std::optional(message.meta);
  db.run(
      "INSERT INTO messages (chat_id, seq, id, role, user_id, content, reply_to, client_id, meta, "
      "created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      message.chat, message.seq, message.id, domain::to_string(message.role), message.user,
      message.content, message.reply_to, client_id, meta, message.created_at);
  index_document(db, message.chat, message.seq, message.content);
}

}  // namespace rubricon::sqlite
