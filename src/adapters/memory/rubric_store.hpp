/// ports::RubricStore in memory.
#pragma once

#include <rubricon/memory/transaction.hpp>

namespace rubricon::memory {

class RubricStore final : public ports::RubricStore {
 public:
  explicit RubricStore(std::shared_ptr<Link> link) : link_(std::move(link)) {}

  base::Task<base::Result<ports::RubricRecord>> get(domain::UserId user, domain::ChatId chat,
                                                    base::Deadline deadline) override;
  base::Task<base::Result<std::vector<ports::RubricRecord>>> versions(
      domain::UserId user, domain::ChatId chat, domain::RubricVersion before, std::size_t limit,
      base::Deadline deadline) override;
  base::Task<base::Result<ports::RubricRecord>> version(domain::UserId user, domain::ChatId chat,
                                                        domain::RubricVersion version,
                                                        base::Deadline deadline) override;
  base::Task<base::Result<ports::RubricRecord>> put(ports::PutRubric put,
                                                    base::Deadline deadline) override;

 private:
  std::shared_ptr<Link> link_;
};

}  // namespace rubricon::memory
