#include <rubricon/memory/rubric_writes.hpp>

#include <rubricon/domain/event_data.hpp>
#include <rubricon/memory/chat_rows.hpp>

namespace rubricon::memory {

void append_rubric(Transaction& transaction, ChatStream& stream, domain::ChatId chat,
                   const domain::RubricRecord& record) {
  transaction.rows.rubrics.put({chat, record.version}, record);
  stream.append(domain::EventType::rubric_updated, domain::rubric_updated_data(record));
}

base::Result<domain::RubricRecord> put_rubric(Transaction& transaction,
                                              const ports::PutRubric& request) {
  const auto access = require_writer(transaction.rows, request.user, request.chat);
  if (!access) return std::unexpected(access.error());
  const auto* const rubric = current_rubric(transaction.rows, request.chat);
  const auto current = rubric ? rubric->version : domain::RubricVersion();
  if (current != request.expected) {
    return base::fail(base::ErrorCode::precondition_failed, "the rubric has a newer version");
  }
  const auto answered = domain::answered_by(
      request.answers, rubric ? rubric->answered : domain::Seq(), access->chat.last_seq);
  if (!answered) return std::unexpected(answered.error());
  ChatStream stream(transaction, request.chat, request.trace);
  const domain::RubricRecord record{.version = current.next(),
                                    .document = request.document,
                                    .by = domain::MessageRole::user,
                                    .user = request.user,
                                    .updated_at = stream.at(),
                                    .answered = *answered};
  append_rubric(transaction, stream, request.chat, record);
  return record;
}

}  // namespace rubricon::memory
