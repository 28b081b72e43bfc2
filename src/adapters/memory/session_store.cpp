#include <rubricon/memory/session_store.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/domain/event_data.hpp>
#include <rubricon/memory/event_log.hpp>

#include <algorithm>
#include <functional>
#include <utility>

namespace rubricon::memory {
namespace {

using base::ErrorCode;
using SessionResult = base::Result<ports::SessionUser>;

domain::SessionId open_session(Transaction& transaction, domain::UserId user,
                               const ports::TokenHash& token, base::Time expires_at) {
  RUBRICON_ASSERT(transaction.rows.users.find(user) != nullptr);
  const auto id = transaction.make_id<domain::SessionId>(transaction.now());
  transaction.rows.sessions.put(id, {id, user, transaction.now(), expires_at, {}});
  transaction.rows.tokens.put(token, {id, {}, {}});
  return id;
}

SessionResult refresh_invalid() {
  return base::fail(ErrorCode::unauthenticated, "sign in again", "refresh_invalid");
}

/// What a replaced token is answered.
SessionResult reuse_token(Transaction& transaction, const TokenRow& token,
                          const SessionRow& session, const ports::TokenHash& new_token,
                          base::Milliseconds grace) {
  if (transaction.now() - *token.replaced_at >= grace) {
    end_session(transaction, session);
    return base::fail(ErrorCode::unauthenticated, "sign in again", "refresh_reused");
  }
  const auto* const next = transaction.rows.tokens.find(new_token);
  if (token.successor == new_token && next && !next->successor) {
    return ports::SessionUser{session.id, transaction.rows.users.find(session.user)->user};
  }
  return base::fail(ErrorCode::conflict, "this token was replaced a moment ago",
                    "recently_rotated");
}

SessionResult rotate_token(Transaction& transaction, const ports::TokenHash& old_token,
                           const ports::TokenHash& new_token, base::Milliseconds grace) {
  View& rows = transaction.rows;
  TokenRow token = *rows.tokens.find(old_token);
  const SessionRow session = *rows.sessions.find(token.session);
  if (session.revoked_at || session.expires_at <= transaction.now()) return refresh_invalid();
  if (token.replaced_at) return reuse_token(transaction, token, session, new_token, grace);
  token.successor = new_token;
  token.replaced_at = transaction.now();
  rows.tokens.put(old_token, token);
  rows.tokens.put(new_token, {session.id, {}, {}});
  return ports::SessionUser{session.id, rows.users.find(session.user)->user};
}

/// Holds the family and its user. False where nobody has the token; whose it is never changes.
base::Task<bool> hold_family(Transaction* transaction, ports::TokenHash token) {
  const auto* const row = transaction->rows.tokens.find(token);
  if (!row) co_return false;
  const auto session = row->session;
  const auto user = transaction->rows.sessions.find(session)->user;
  co_await transaction->lock(session);
  co_await transaction->lock(user);
  co_return true;
}

std::vector<ports::OpenSession> find_open(const View& rows, domain::UserId user, base::Time now,
                                          std::size_t limit) {
  std::vector<ports::OpenSession> open;
  for (const auto* const row : rows.sessions.all()) {
    if (row->user != user || row->revoked_at || row->expires_at <= now) continue;
    open.push_back({row->id, row->opened_at, row->expires_at});
  }
  std::ranges::sort(open, std::ranges::greater(),
                    [](const auto& s) { return std::pair(s.opened_at, s.id); });
  open.resize(std::min(open.size(), limit));
  return open;
}

std::vector<ports::Revocation> find_revocations(const View& rows, base::Time since) {
  std::vector<ports::Revocation> revocations;
  for (const auto* const row : rows.sessions.all()) {
    if (row->revoked_at >= since) revocations.push_back({row->id, *row->revoked_at});
  }
  std::ranges::sort(revocations, {}, [](const auto& r) { return std::pair(r.at, r.session); });
  return revocations;
}

}  // namespace

void end_session(Transaction& transaction, SessionRow session) {
  if (session.revoked_at) return;
  session.revoked_at = transaction.now();
  append_user_event(transaction, session.user, domain::EventType::session_revoked,
                    transaction.now(), domain::session_revoked_data(session.id));
  transaction.rows.sessions.put(session.id, session);
}

base::Task<domain::SessionId> SessionStore::open(domain::UserId user, ports::TokenHash token,
                                                 base::Time expires_at, base::Deadline deadline) {
  return write<domain::SessionId>(link_, "sessions.open", deadline, {},
                                  [user, token, expires_at](Transaction& transaction) {
                                    return open_session(transaction, user, token, expires_at);
                                  });
}

base::Task<SessionResult> SessionStore::rotate(ports::TokenHash old_token,
                                               ports::TokenHash new_token, base::Milliseconds grace,
                                               base::Deadline deadline) {
  Transaction transaction(link_, "sessions.rotate", deadline);
  co_await transaction.begin();
  auto result = refresh_invalid();
  if (co_await hold_family(&transaction, old_token)) {
    result = rotate_token(transaction, old_token, new_token, grace);
  }
  co_await transaction.commit();
  co_return result;
}

base::Task<void> SessionStore::revoke_by_token(ports::TokenHash token, base::Deadline deadline) {
  Transaction transaction(link_, "sessions.revoke_by_token", deadline);
  co_await transaction.begin();
  if (co_await hold_family(&transaction, token)) {
    const auto session = transaction.rows.tokens.find(token)->session;
    end_session(transaction, *transaction.rows.sessions.find(session));
  }
  co_await transaction.commit();
}

base::Task<base::Result<void>> SessionStore::revoke(domain::UserId user, domain::SessionId session,
                                                    base::Deadline deadline) {
  return write<base::Result<void>>(link_, "sessions.revoke", deadline, {session, user},
                                   [user, session](Transaction& transaction) -> base::Result<void> {
                                     const auto* const row =
                                         transaction.rows.sessions.find(session);
                                     if (!row || row->user != user)
                                       return base::fail(ErrorCode::not_found, "no such session");
                                     end_session(transaction, *row);
                                     return {};
                                   });
}

base::Task<std::vector<ports::OpenSession>> SessionStore::list(domain::UserId user,
                                                               std::size_t limit,
                                                               base::Deadline deadline) {
  return read<std::vector<ports::OpenSession>>(
      link_, "sessions.list", deadline,
      [user, now = link_->server->clock.now(), limit](const View& rows) {
        return find_open(rows, user, now, limit);
      });
}

base::Task<std::vector<ports::Revocation>> SessionStore::revoked_since(base::Time since,
                                                                       base::Deadline deadline) {
  return read<std::vector<ports::Revocation>>(
      link_, "sessions.revoked_since", deadline,
      [since](const View& rows) { return find_revocations(rows, since); });
}

}  // namespace rubricon::memory
