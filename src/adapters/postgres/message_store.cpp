#include <rubricon/postgres/message_store.hpp>

#include <rubricon/postgres/access.hpp>
#include <rubricon/postgres/job_writes.hpp>
#include <rubricon/postgres/message_queries.hpp>
#include <rubricon/postgres/message_writes.hpp>

#include <utility>

namespace rubricon::postgres {
using base::Deadline;
using base::Result;
using base::Task;
using domain::ChatId;
using domain::MessageId;
using domain::UserId;

Task<Result<ports::PostedMessage>> MessageStore::post(ports::PostMessage message,
                                                      Deadline deadline) {
  return writer_.post(std::move(message), deadline);
}

Task<Result<domain::Message>> MessageStore::edit(UserId user, ChatId chat, MessageId message,
                                                 domain::MessageText content, Deadline deadline) {
  return transactor_.perform<Result<domain::Message>>(
      deadline, [user, chat, message, content = std::move(content)](Transaction* t) {
        return edit_message(t, user, chat, message, content);
      });
}

Task<Result<void>> MessageStore::remove(UserId user, ChatId chat, MessageId message,
                                        Deadline deadline) {
  return transactor_.perform<Result<void>>(deadline, [user, chat, message](Transaction* t) {
    return remove_message(t, user, chat, message);
  });
}

Task<Result<domain::JobId>> MessageStore::ask_again(UserId user, ChatId chat, domain::Seq question,
                                                    Deadline deadline) {
  return transactor_.perform<Result<domain::JobId>>(
      deadline, [user, chat, question](Transaction* t) {
        return ask_question_again(t, user, chat, question);
      });
}

Task<Result<domain::JobId>> MessageStore::stop_answer(UserId user, ChatId chat,
                                                      domain::Seq question, Deadline deadline) {
  return transactor_.perform<Result<domain::JobId>>(
      deadline, [user, chat, question](Transaction* t) {
        return postgres::stop_answer(t, user, chat, question);
      });
}

Task<Result<std::vector<domain::Message>>> MessageStore::page(UserId user, ChatId chat,
                                                              ports::MessageQuery query,
                                                              Deadline deadline) {
  if (!replicas_.none()) {
    // Who may read is for the primary to say, and it says how new the answer must be.
    const auto access = member_access(co_await reader_.ask(access_query(user, chat), deadline));
    if (!access) co_return std::unexpected(access.error());
    const Fresh fresh = [head = access->chat.last_seq](const std::vector<Answer>& answers) {
      return !answers[0].empty() && answers[0].front().number<domain::Seq>(0) >= head;
    };
    const auto asked = co_await replicas_.ask_all(
        together(postgres::query("SELECT last_seq FROM chats WHERE id = $1", chat),
                 messages_query(chat, query)),
        fresh, deadline);
    if (asked) co_return messages_in((*asked)[1]);
  }
  const auto asked = co_await reader_.ask_all(
      together(access_query(user, chat), messages_query(chat, query)), deadline);
  const auto access = member_access(asked[0]);
  if (!access) co_return std::unexpected(access.error());
  co_return messages_in(asked[1]);
}

}  // namespace rubricon::postgres
