/// ports::MessageStore on SQLite.
#pragma once

#include <rubricon/ports/message_store.hpp>
#include <rubricon/sqlite/transaction.hpp>
#include <rubricon/sqlite/work.hpp>

namespace rubricon::sqlite {

class MessageStore final : public ports::MessageStore {
 public:
  MessageStore(WorkQueue<Transaction>& writer, WorkQueue<Connection>& readers)
      : writer_(writer), readers_(readers) {}

  base::Task<base::Result<ports::PostedMessage>> post(ports::PostMessage message,
                                                      base::Deadline deadline) override;
  base::Task<base::Result<domain::Message>> edit(domain::UserId user, domain::ChatId chat,
                                                 domain::MessageId message,
                                                 domain::MessageText content,
                                                 base::Deadline deadline) override;
  base::Task<base::Result<void>> remove(domain::UserId user, domain::ChatId chat,
                                        domain::MessageId message,
                                        base::Deadline deadline) override;
  base::Task<base::Result<domain::JobId>> ask_again(domain::UserId user, domain::ChatId chat,
                                                    domain::Seq question,
                                                    base::Deadline deadline) override;
  base::Task<base::Result<domain::JobId>> stop_answer(domain::UserId user, domain::ChatId chat,
                                                      domain::Seq question,
                                                      base::Deadline deadline) override;
  base::Task<base::Result<std::vector<domain::Message>>> page(domain::UserId user,
                                                              domain::ChatId chat,
                                                              ports::MessageQuery query,
                                                              base::Deadline deadline) override;

 private:
  WorkQueue<Transaction>& writer_;
  WorkQueue<Connection>& readers_;
};

}  // namespace rubricon::sqlite
