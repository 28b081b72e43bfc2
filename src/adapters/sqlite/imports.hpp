/// ports::Imports on SQLite.
#pragma once

#include <rubricon/ports/imports.hpp>
#include <rubricon/sqlite/transaction.hpp>
#include <rubricon/sqlite/work.hpp>

namespace rubricon::sqlite {

class Imports final : public ports::Imports {
 public:
  Imports(WorkQueue<Transaction>& writer, WorkQueue<Connection>& readers)
      : writer_(writer), readers_(readers) {}

  base::Task<bool> any_user(base::Deadline deadline) override;
  base::Task<ports::UserImport> add_user(ports::ImportedUser user,
                                         base::Deadline deadline) override;
  base::Task<std::optional<ports::ChatImport>> find_chat(domain::ChatId chat,
                                                         base::Deadline deadline) override;
  base::Task<base::Result<domain::Seq>> append(ports::ImportedChat chat, domain::Seq head,
                                               std::vector<ports::ImportedMessage> messages,
                                               base::Deadline deadline) override;

 private:
  WorkQueue<Transaction>& writer_;
  WorkQueue<Connection>& readers_;
};

}  // namespace rubricon::sqlite
