/// ports::RubricStore on SQLite.
#pragma once

#include <rubricon/ports/rubric_store.hpp>
#include <rubricon/sqlite/transaction.hpp>
#include <rubricon/sqlite/work.hpp>

namespace rubricon::sqlite {

class RubricStore final : public ports::RubricStore {
 public:
  RubricStore(WorkQueue<Transaction>& writer, WorkQueue<Connection>& readers)
      : writer_(writer), readers_(readers) {}

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
  WorkQueue<Transaction>& writer_;
  WorkQueue<Connection>& readers_;
};

}  // namespace rubricon::sqlite
