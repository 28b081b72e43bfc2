/// ports::MessageStore in memory.
#pragma once

#include <rubricon/memory/transaction.hpp>

namespace rubricon::memory {

class MessageStore final : public ports::MessageStore {
 public:
  explicit MessageStore(std::shared_ptr<Link> link) : link_(std::move(link)) {}

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
  std::shared_ptr<Link> link_;
};

}  // namespace rubricon::memory
