/// ports::RubricStore on PostgreSQL.
#pragma once

#include <rubricon/ports/rubric_store.hpp>
#include <rubricon/postgres/reader.hpp>
#include <rubricon/postgres/transaction.hpp>

namespace rubricon::postgres {

class RubricStore final : public ports::RubricStore {
 public:
  RubricStore(Transactor& transactor, Reader& reader) : transactor_(transactor), reader_(reader) {}

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
  Transactor& transactor_;
  Reader& reader_;
};

}  // namespace rubricon::postgres
