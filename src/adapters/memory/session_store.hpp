/// ports::SessionStore in memory.
#pragma once

#include <rubricon/memory/transaction.hpp>

namespace rubricon::memory {

class SessionStore final : public ports::SessionStore {
 public:
  explicit SessionStore(std::shared_ptr<Link> link) : link_(std::move(link)) {}

  base::Task<domain::SessionId> open(domain::UserId user, ports::TokenHash token,
                                     base::Time expires_at, base::Deadline deadline) override;
  base::Task<base::Result<ports::SessionUser>> rotate(ports::TokenHash old_token,
                                                      ports::TokenHash new_token,
                                                      base::Milliseconds grace,
                                                      base::Deadline deadline) override;
  base::Task<void> revoke_by_token(ports::TokenHash token, base::Deadline deadline) override;
  base::Task<base::Result<void>> revoke(domain::UserId user, domain::SessionId session,
                                        base::Deadline deadline) override;
  base::Task<std::vector<ports::OpenSession>> list(domain::UserId user, std::size_t limit,
                                                   base::Deadline deadline) override;
  base::Task<std::vector<ports::Revocation>> revoked_since(base::Time since,
                                                           base::Deadline deadline) override;

 private:
  std::shared_ptr<Link> link_;
};

/// Ends the family, with its event, once; ending it again changes nothing. The caller holds it and
/// its user.
void end_session(Transaction& transaction, SessionRow session);

}  // namespace rubricon::memory
