#include <rubricon/postgres/session_store.hpp>

#include <rubricon/postgres/session_writes.hpp>

#include <utility>

namespace rubricon::postgres {
using base::Deadline;
using base::Result;
using base::Task;
using domain::SessionId;
using domain::UserId;

Task<SessionId> SessionStore::open(UserId user, ports::TokenHash token, base::Time expires_at,
                                   Deadline deadline) {
  return transactor_.perform<SessionId>(deadline, [user, token, expires_at](Transaction* t) {
    return open_session(t, user, token, expires_at);
  });
}

Task<Result<ports::SessionUser>> SessionStore::rotate(ports::TokenHash old_token,
                                                      ports::TokenHash new_token,
                                                      base::Milliseconds grace, Deadline deadline) {
  return transactor_.perform<Result<ports::SessionUser>>(
      deadline, [old_token, new_token, grace](Transaction* t) {
        return rotate_token(t, old_token, new_token, grace);
      });
}

Task<void> SessionStore::revoke_by_token(ports::TokenHash token, Deadline deadline) {
  return finished(transactor_.perform<Done>(
      deadline, [token](Transaction* t) { return postgres::revoke_by_token(t, token); }));
}

Task<Result<void>> SessionStore::revoke(UserId user, SessionId session, Deadline deadline) {
  return transactor_.perform<Result<void>>(
      deadline, [user, session](Transaction* t) { return revoke_session(t, user, session); });
}

Task<std::vector<ports::OpenSession>> SessionStore::list(UserId user, std::size_t limit,
                                                         Deadline deadline) {
  const auto answer =
      co_await reader_.ask(query("SELECT id, created_at, expires_at FROM sessions "
                                 "WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 "
                                 "ORDER BY created_at DESC, id DESC LIMIT $3",
                                 user, clock_.now(), limit),
                           deadline);
  std::vector<ports::OpenSession> open;
  for (const auto row : answer) open.push_back({row.id<SessionId>(0), row.time(1), row.time(2)});
  co_return open;
}

Task<std::vector<ports::Revocation>> SessionStore::revoked_since(base::Time since,
                                                                 Deadline deadline) {
  const auto answer = co_await reader_.ask(
      query("SELECT id, revoked_at FROM sessions WHERE revoked_at >= $1 ORDER BY revoked_at, id",
            since),
      deadline);
  std::vector<ports::Revocation> revocations;
  for (const auto row : answer) revocations.push_back({row.id<SessionId>(0), row.time(1)});
  co_return revocations;
}

}  // namespace rubricon::postgres
