#include <rubricon/sqlite/rubric_writes.hpp>

#include <rubricon/domain/event_data.hpp>
#include <rubricon/sqlite/access.hpp>
#include <rubricon/sqlite/rows.hpp>

#include <utility>

namespace rubricon::sqlite {

void append_rubric(Transaction& transaction, ChatStream& stream, domain::ChatId chat,
                   const ports::RubricRecord& record) {
  Connection& db = transaction.db;
  db.run(
      "INSERT INTO rubric_versions "
      "(chat_id, version, document, made_by, user_id, created_at, answered) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)",
      chat, record.version, record.document, domain::to_string(record.by), record.user,
      record.updated_at, record.answered);
  db.run(
      "INSERT INTO rubrics (chat_id, version) VALUES (?1, ?2) "
      "ON CONFLICT (chat_id) DO UPDATE SET version = ?2",
      chat, record.version);
  stream.append(domain::EventType::rubric_updated, domain::rubric_updated_data(record));
}

base::Result<ports::RubricRecord> put_rubric(Transaction& transaction,
                                             const ports::PutRubric& request) {
  const auto access = require_writer(transaction.db, request.user, request.chat);
  if (!access) return std::unexpected(access.error());
  const auto current = current_rubric(transaction.db, request.chat);
  if (current.version != request.expected) {
    return base::fail(base::ErrorCode::precondition_failed, "the rubric has a newer version");
  }
  const auto answered =
      domain::answered_by(request.answers, current.answered, access->chat.last_seq);
  if (!answered) return std::unexpected(answered.error());
  ChatStream stream(transaction, access->chat, request.trace);
  ports::RubricRecord record{.version = current.version.next(),
                             .document = request.document,
                             .by = domain::MessageRole::user,
                             .user = request.user,
                             .updated_at = stream.at(),
                             .answered = *answered};
  append_rubric(transaction, stream, request.chat, record);
  return record;
}

}  // namespace rubricon::sqlite
