/// ports::SessionStore on PostgreSQL.
#pragma once

#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/session_store.hpp>
#include <rubricon/postgres/reader.hpp>
#include <rubricon/postgres/transaction.hpp>

namespace rubricon::postgres {

class SessionStore final : public ports::SessionStore {
 public:
  SessionStore(Transactor& transactor, Reader& reader, const ports::Clock& clock)
      : transactor_(transactor), reader_(reader), clock_(clock) {}

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
  Transactor& transactor_;
  Reader& reader_;
  const ports::Clock& clock_;
};

}  // namespace rubricon::postgres
