/// ports::Imports on PostgreSQL.
#pragma once

#include <rubricon/ports/imports.hpp>
#include <rubricon/postgres/reader.hpp>
#include <rubricon/postgres/transaction.hpp>

#include <chrono>
#include <set>

namespace rubricon::postgres {

/// Makes the partitions that old times need.
class Imports final : public ports::Imports {
 public:
  Imports(Transactor& transactor, Reader& reader) : transactor_(transactor), reader_(reader) {}

  base::Task<bool> any_user(base::Deadline deadline) override;
  base::Task<ports::UserImport> add_user(ports::ImportedUser user,
                                         base::Deadline deadline) override;
  base::Task<std::optional<ports::ChatImport>> find_chat(domain::ChatId chat,
                                                         base::Deadline deadline) override;
  base::Task<base::Result<domain::Seq>> append(ports::ImportedChat chat, domain::Seq head,
                                               std::vector<ports::ImportedMessage> messages,
                                               base::Deadline deadline) override;

 private:
  base::Task<void> make_room(base::Time at, base::Deadline deadline);

  Transactor& transactor_;
  Reader& reader_;
  std::set<std::chrono::year_month> months_;  ///< whose partitions are there
};

}  // namespace rubricon::postgres
