/// ports::UserStore on PostgreSQL.
#pragma once

#include <rubricon/ports/user_store.hpp>
#include <rubricon/postgres/reader.hpp>
#include <rubricon/postgres/transaction.hpp>

namespace rubricon::postgres {

class UserStore final : public ports::UserStore {
 public:
  UserStore(Transactor& transactor, Reader& reader) : transactor_(transactor), reader_(reader) {}

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
  Transactor& transactor_;
  Reader& reader_;
};

}  // namespace rubricon::postgres
