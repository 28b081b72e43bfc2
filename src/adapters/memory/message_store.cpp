#include <rubricon/memory/message_store.hpp>

#include <rubricon/memory/chat_rows.hpp>
#include <rubricon/memory/job_writes.hpp>
#include <rubricon/memory/message_writes.hpp>

#include <utility>

namespace rubricon::memory {
namespace {

using base::Deadline;
using base::Result;
using base::Task;

/// The jobs are those that still wait for an answer to the message.
Task<void> hold_chat_and_jobs(Transaction* transaction, domain::ChatId chat,
                              domain::MessageId message) {
  co_await transaction->lock(chat);
  const auto jobs = open_jobs_of(transaction->rows, chat, message);
  for (const auto job : jobs) co_await transaction->lock(job);
}

}  // namespace

Task<Result<ports::PostedMessage>> MessageStore::post(ports::PostMessage message,
                                                      Deadline deadline) {
  std::vector<RowKey> keys{message.chat};
  if (const auto key = response_key(message)) keys.emplace_back(*key);
  return write<Result<ports::PostedMessage>>(
      link_, "messages.post", deadline, std::move(keys),
      [message = std::move(message)](Transaction& transaction) {
        return post_message(transaction, message);
      });
}

Task<Result<domain::Message>> MessageStore::edit(domain::UserId user, domain::ChatId chat,
                                                 domain::MessageId message,
                                                 domain::MessageText content, Deadline deadline) {
  Transaction transaction(link_, "messages.edit", deadline);
  co_await transaction.begin();
  co_await hold_chat_and_jobs(&transaction, chat, message);
  auto result = edit_message(transaction, user, chat, message, content);
  co_await transaction.commit();
  co_return result;
}

Task<Result<void>> MessageStore::remove(domain::UserId user, domain::ChatId chat,
                                        domain::MessageId message, Deadline deadline) {
  Transaction transaction(link_, "messages.remove", deadline);
  co_await transaction.begin();
  co_await hold_chat_and_jobs(&transaction, chat, message);
  auto result = remove_message(transaction, user, chat, message);
  co_await transaction.commit();
  co_return result;
}

Task<Result<domain::JobId>> MessageStore::ask_again(domain::UserId user, domain::ChatId chat,
                                                    domain::Seq question, Deadline deadline) {
  return write<Result<domain::JobId>>(link_, "messages.ask_again", deadline, {chat},
                                      [user, chat, question](Transaction& transaction) {
                                        return ask_question_again(transaction, user, chat,
                                                                  question);
                                      });
}

Task<Result<domain::JobId>> MessageStore::stop_answer(domain::UserId user, domain::ChatId chat,
                                                      domain::Seq question, Deadline deadline) {
  Transaction transaction(link_, "messages.stop_answer", deadline);
  co_await transaction.begin();
  co_await transaction.lock(chat);
  if (const auto job = open_job_of(transaction.rows, chat, question)) {
    co_await transaction.lock(*job);
  }
  auto result = memory::stop_answer(transaction, user, chat, question);
  co_await transaction.commit();
  co_return result;
}

Task<Result<std::vector<domain::Message>>> MessageStore::page(domain::UserId user,
                                                              domain::ChatId chat,
                                                              ports::MessageQuery query,
                                                              Deadline deadline) {
  return read<Result<std::vector<domain::Message>>>(
      link_, "messages.page", deadline,
      [user, chat, query](const View& rows) -> Result<std::vector<domain::Message>> {
        const auto access = require_member(rows, user, chat);
        if (!access) return std::unexpected(access.error());
        return message_page(rows, chat, query);
      });
}

}  // namespace rubricon::memory
