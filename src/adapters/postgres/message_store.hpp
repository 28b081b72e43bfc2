/// ports::MessageStore on PostgreSQL.
#pragma once

#include <rubricon/ports/message_store.hpp>
#include <rubricon/postgres/reader.hpp>
#include <rubricon/postgres/replicas.hpp>
#include <rubricon/postgres/transaction.hpp>
#include <rubricon/postgres/writer.hpp>

namespace rubricon::postgres {

class MessageStore final : public ports::MessageStore {
 public:
  /// Posts go through `writer`, which commits them in groups; all outlive the store.
  MessageStore(Writer& writer, Transactor& transactor, Reader& reader, Replicas& replicas)
      : writer_(writer), transactor_(transactor), reader_(reader), replicas_(replicas) {}

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
  Writer& writer_;
  Transactor& transactor_;
  Reader& reader_;
  Replicas& replicas_;
};

}  // namespace rubricon::postgres
