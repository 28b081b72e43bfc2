/// ports::SessionStore on SQLite.
#pragma once

#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/session_store.hpp>
#include <rubricon/sqlite/transaction.hpp>
#include <rubricon/sqlite/work.hpp>

namespace rubricon::sqlite {

class SessionStore final : public ports::SessionStore {
 public:
  SessionStore(WorkQueue<Transaction>& writer, WorkQueue<Connection>& readers,
               const ports::Clock& clock)
      : writer_(writer), readers_(readers), clock_(clock) {}

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
  WorkQueue<Transaction>& writer_;
  WorkQueue<Connection>& readers_;
  const ports::Clock& clock_;
};

/// Ends the family, with its event, once; ending it again changes nothing.
void end_session(Transaction& transaction, domain::UserId user, domain::SessionId session);

/// Removes at most `limit` families that ended long ago, with their tokens. Returns how many.
std::int64_t forget_sessions(Transaction& transaction, std::int64_t limit);

}  // namespace rubricon::sqlite
