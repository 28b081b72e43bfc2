#include <rubricon/postgres/rubric_writes.hpp>

#include <rubricon/domain/event_data.hpp>
#include <rubricon/postgres/access.hpp>
#include <rubricon/postgres/rows.hpp>

#include <utility>

namespace rubricon::postgres {

void append_rubric(Transaction* transaction, ChatStream& stream, domain::ChatId chat,
                   const ports::RubricRecord& record) {
  transaction->run(
      "INSERT INTO rubric_versions "
      "(chat_id, version, document, made_by, user_id, created_at, answered) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      chat, record.version, record.document, std::string_view(domain::to_string(record.by)),
      record.user, record.updated_at, record.answered);
  transaction->run(
      "INSERT INTO rubrics (chat_id, version) VALUES ($1, $2) "
      "ON CONFLICT (chat_id) DO UPDATE SET version = $2",
      chat, record.version);
  stream.append(domain::EventType::rubric_updated, domain::rubric_updated_data(record));
}

base::Task<base::Result<ports::RubricRecord>> put_rubric(Transaction* transaction,
                                                         ports::PutRubric request) {
  lock_chat(transaction, request.chat);
  const auto asked = co_await transaction->ask_all(
      together(access_query(request.user, request.chat), rubric_query(request.chat)));
  const auto access = writer_access(asked[0]);
  if (!access) co_return std::unexpected(access.error());
  const auto current = rubric_in(asked[1]);
  const auto version = current ? current->version : domain::RubricVersion();
  if (version != request.expected) {
    co_return base::fail(base::ErrorCode::precondition_failed, "the rubric has a newer version");
  }
  const auto answered = domain::answered_by(
      request.answers, current ? current->answered : domain::Seq(), access->chat.last_seq);
  if (!answered) co_return std::unexpected(answered.error());
  ChatStream stream(transaction, access->chat, request.trace);
  ports::RubricRecord record{.version = version.next(),
                             .document = request.document,
                             .by = domain::MessageRole::user,
                             .user = request.user,
                             .updated_at = stream.at(),
                             .answered = *answered};
  append_rubric(transaction, stream, request.chat, record);
  co_return record;
}

}  // namespace rubricon::postgres
