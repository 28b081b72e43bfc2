#include <rubricon/sqlite/message_store.hpp>

#include <rubricon/sqlite/access.hpp>
#include <rubricon/sqlite/job_writes.hpp>
#include <rubricon/sqlite/message_queries.hpp>
#include <rubricon/sqlite/message_writes.hpp>

#include <utility>

namespace rubricon::sqlite {
using base::Deadline;
using base::Result;
using base::Task;

Task<Result<ports::PostedMessage>> MessageStore::post(ports::PostMessage message,
                                                      Deadline deadline) {
  return perform<Result<ports::PostedMessage>, Transaction>(
      &writer_, deadline, [message = std::move(message)](Transaction& transaction) {
        return post_message(transaction, message);
      });
}

Task<Result<domain::Message>> MessageStore::edit(domain::UserId user, domain::ChatId chat,
                                                 domain::MessageId message,
                                                 domain::MessageText content, Deadline deadline) {
  return perform<Result<domain::Message>, Transaction>(
      &writer_, deadline,
      [user, chat, message, content = std::move(content)](Transaction& transaction) {
        return edit_message(transaction, user, chat, message, content);
      });
}

Task<Result<void>> MessageStore::remove(domain::UserId user, domain::ChatId chat,
                                        domain::MessageId message, Deadline deadline) {
  return perform<Result<void>, Transaction>(
      &writer_, deadline, [user, chat, message](Transaction& transaction) {
        return remove_message(transaction, user, chat, message);
      });
}

Task<Result<domain::JobId>> MessageStore::ask_again(domain::UserId user, domain::ChatId chat,
                                                    domain::Seq question, Deadline deadline) {
  return perform<Result<domain::JobId>, Transaction>(
      &writer_, deadline, [user, chat, question](Transaction& transaction) {
        return ask_question_again(transaction, user, chat, question);
      });
}

Task<Result<domain::JobId>> MessageStore::stop_answer(domain::UserId user, domain::ChatId chat,
                                                      domain::Seq question, Deadline deadline) {
  return perform<Result<domain::JobId>, Transaction>(
      &writer_, deadline, [user, chat, question](Transaction& transaction) {
        return sqlite::stop_answer(transaction, user, chat, question);
      });
}

Task<Result<std::vector<domain::Message>>> MessageStore::page(domain::UserId user,
                                                              domain::ChatId chat,
                                                              ports::MessageQuery query,
                                                              Deadline deadline) {
  return perform<Result<std::vector<domain::Message>>, Connection>(
      &readers_, deadline,
      [user, chat, query](Connection& db) -> Result<std::vector<domain::Message>> {
        const Snapshot snapshot(db);
        const auto access = require_member(db, user, chat);
        if (!access) return std::unexpected(access.error());
        return find_messages(db, chat, query);
      });
}

}  // namespace rubricon::sqlite
