/// ports::UserStore in memory.
#pragma once

#include <rubricon/memory/transaction.hpp>

namespace rubricon::memory {

class UserStore final : public ports::UserStore {
 public:
  explicit UserStore(std::shared_ptr<Link> link) : link_(std::move(link)) {}

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
  std::shared_ptr<Link> link_;
};

}  // namespace rubricon::memory
