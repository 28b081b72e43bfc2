/// ports::UserStore on SQLite.
#pragma once

#include <rubricon/ports/user_store.hpp>
#include <rubricon/sqlite/transaction.hpp>
#include <rubricon/sqlite/work.hpp>

#include <string_view>

namespace rubricon::sqlite {

/// Stores a new account with this hash of its password.
void store_user(Connection& db, const domain::User& user, std::string_view password_hash);

class UserStore final : public ports::UserStore {
 public:
  UserStore(WorkQueue<Transaction>& writer, WorkQueue<Connection>& readers)
      : writer_(writer), readers_(readers) {}

  base::Task<base::Result<domain::User>> create(ports::NewUser user, ports::Admission admission,
                                                base::Deadline deadline) override;
  base::Task<std::optional<ports::Credentials>> find_by_email(domain::Email email,
                                                              base::Deadline deadline) override;
  base::Task<std::optional<domain::User>> find(domain::UserId id, base::Deadline deadline) override;
  base::Task<base::Result<domain::User>> update(domain::UserId id, ports::UserPatch patch,
                                                base::Deadline deadline) override;
  base::Task<base::Result<std::vector<domain::SessionId>>> change_password(
      ports::PasswordChange change, base::Deadline deadline) override;
  base::Task<base::Result<std::vector<domain::SessionId>>> set_disabled(
      domain::Email email, bool disabled, base::Deadline deadline) override;
  base::Task<std::vector<domain::User>> list(std::string after, std::size_t limit,
                                             base::Deadline deadline) override;

 private:
  WorkQueue<Transaction>& writer_;
  WorkQueue<Connection>& readers_;
};

}  // namespace rubricon::sqlite
