#include <rubricon/sqlite/session_store.hpp>

#include <rubricon/domain/event_data.hpp>
#include <rubricon/sqlite/event_log.hpp>
#include <rubricon/sqlite/rows.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace rubricon::sqlite {
namespace {

using base::ErrorCode;

/// How long an ended family is remembered; reuse of its tokens then is simply unknown.
constexpr auto remembered_for = std::chrono::days(30);

struct TokenRow {
  domain::SessionId session;
  domain::UserId user;
  base::Time expires_at;
  bool revoked = false;
  std::optional<base::Time> replaced_at;
  std::optional<ports::TokenHash> successor;
};

std::optional<TokenRow> find_token(Connection& db, const ports::TokenHash& token) {
  auto row = db.query(
      "SELECT s.id, s.user_id, s.expires_at, s.revoked_at IS NOT NULL, t.replaced_at, t.successor "
      "FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.hash = ?",
      token);
  if (!row.step()) return std::nullopt;
  TokenRow found{row.id<domain::SessionId>(0), row.id<domain::UserId>(1), row.time(2),
                 row.integer(3) != 0,          row.optional_time(4),      {}};
  if (!row.null(5)) std::ranges::copy(row.blob(5), found.successor.emplace().begin());
  return found;
}

domain::SessionId open_session(Transaction& transaction, domain::UserId user,
                               const ports::TokenHash& token, base::Time expires_at) {
  const auto at = transaction.now();
  const auto id = transaction.make_id<domain::SessionId>(at);
  transaction.db.run(
      "INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)", id, user,
      at, expires_at);
  transaction.db.run("INSERT INTO refresh_tokens (hash, session_id) VALUES (?, ?)", token, id);
  return id;
}

/// What a replaced token is answered.
base::Result<ports::SessionUser> reuse_token(Transaction& transaction, const TokenRow& token,
                                             domain::User user, const ports::TokenHash& new_token,
                                             base::Milliseconds grace) {
  if (transaction.now() - *token.replaced_at >= grace) {
    end_session(transaction, token.user, token.session);
    return base::fail(ErrorCode::unauthenticated, "sign in again", "refresh_reused");
  }
  const auto next = find_token(transaction.db, new_token);
  if (token.successor == new_token && next && !next->successor) {
    return ports::SessionUser{token.session, std::move(user)};
  }
  return base::fail(ErrorCode::conflict, "this token was replaced a moment ago",
                    "recently_rotated");
}

base::Result<ports::SessionUser> rotate_token(Transaction& transaction,
                                              const ports::TokenHash& old_token,
                                              const ports::TokenHash& new_token,
                                              base::Milliseconds grace) {
  Connection& db = transaction.db;
  const auto now = transaction.now();
  const auto token = find_token(db, old_token);
  if (!token || token->revoked || token->expires_at <= now) {
    return base::fail(ErrorCode::unauthenticated, "sign in again", "refresh_invalid");
  }
  auto user = find_user(db, token->user);
  if (!user) return base::fail(ErrorCode::unauthenticated, "sign in again", "refresh_invalid");
  if (token->replaced_at) {
    return reuse_token(transaction, *token, std::move(*user), new_token, grace);
  }
  db.run("UPDATE refresh_tokens SET successor = ?2, replaced_at = ?3 WHERE hash = ?1", old_token,
         new_token, now);
  db.run("INSERT INTO refresh_tokens (hash, session_id) VALUES (?, ?)", new_token, token->session);
  return ports::SessionUser{token->session, std::move(*user)};
}

base::Result<void> revoke_session(Transaction& transaction, domain::UserId user,
                                  domain::SessionId session) {
  bool known = false;
  {
    auto row =
        transaction.db.query("SELECT 1 FROM sessions WHERE id = ? AND user_id = ?", session, user);
    known = row.step();
  }
  if (!known) return base::fail(ErrorCode::not_found, "no such session");
  end_session(transaction, user, session);
  return {};
}

std::vector<ports::Revocation> find_revocations(Connection& db, base::Time since) {
  auto row = db.query(
      "SELECT id, revoked_at FROM sessions WHERE revoked_at >= ? ORDER BY revoked_at, id", since);
  std::vector<ports::Revocation> revocations;
  while (row.step()) revocations.push_back({row.id<domain::SessionId>(0), row.time(1)});
  return revocations;
}

std::vector<ports::OpenSession> find_open(Connection& db, domain::UserId user, base::Time now,
                                          std::size_t limit) {
  auto row = db.query(
      "SELECT id, created_at, expires_at FROM sessions "
      "WHERE user_id = ?1 AND revoked_at IS NULL AND expires_at > ?2 "
      "ORDER BY created_at DESC, id DESC LIMIT ?3",
      user, now, static_cast<std::int64_t>(limit));
  std::vector<ports::OpenSession> open;
  while (row.step()) open.push_back({row.id<domain::SessionId>(0), row.time(1), row.time(2)});
  return open;
}

}  // namespace

void end_session(Transaction& transaction, domain::UserId user, domain::SessionId session) {
  const auto at = transaction.now();
  const auto ended = transaction.db.run(
      "UPDATE sessions SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL", session, at);
  if (ended == 0) return;
  append_user_event(transaction, user, domain::EventType::session_revoked, at,
                    domain::session_revoked_data(session));
}

base::Task<domain::SessionId> SessionStore::open(domain::UserId user, ports::TokenHash token,
                                                 base::Time expires_at, base::Deadline deadline) {
  return perform<domain::SessionId, Transaction>(
      &writer_, deadline, [user, token, expires_at](Transaction& transaction) {
        return open_session(transaction, user, token, expires_at);
      });
}

base::Task<base::Result<ports::SessionUser>> SessionStore::rotate(ports::TokenHash old_token,
                                                                  ports::TokenHash new_token,
                                                                  base::Milliseconds grace,
                                                                  base::Deadline deadline) {
  return perform<base::Result<ports::SessionUser>, Transaction>(
      &writer_, deadline, [old_token, new_token, grace](Transaction& transaction) {
        return rotate_token(transaction, old_token, new_token, grace);
      });
}

base::Task<void> SessionStore::revoke_by_token(ports::TokenHash token, base::Deadline deadline) {
  return finished(perform<Done, Transaction>(&writer_, deadline, [token](Transaction& transaction) {
    const auto row = find_token(transaction.db, token);
    if (row) end_session(transaction, row->user, row->session);
    return Done{};
  }));
}

base::Task<base::Result<void>> SessionStore::revoke(domain::UserId user, domain::SessionId session,
                                                    base::Deadline deadline) {
  return perform<base::Result<void>, Transaction>(
      &writer_, deadline, [user, session](Transaction& transaction) {
        return revoke_session(transaction, user, session);
      });
}

base::Task<std::vector<ports::OpenSession>> SessionStore::list(domain::UserId user,
                                                               std::size_t limit,
                                                               base::Deadline deadline) {
  const auto now = clock_.now();
  return perform<std::vector<ports::OpenSession>, Connection>(
      &readers_, deadline,
      [user, now, limit](Connection& db) { return find_open(db, user, now, limit); });
}

base::Task<std::vector<ports::Revocation>> SessionStore::revoked_since(base::Time since,
                                                                       base::Deadline deadline) {
  return perform<std::vector<ports::Revocation>, Connection>(
      &readers_, deadline, [since](Connection& db) { return find_revocations(db, since); });
}

std::int64_t forget_sessions(Transaction& transaction, std::int64_t limit) {
  return transaction.db.run(
      "DELETE FROM sessions WHERE id IN "
      "(SELECT id FROM sessions WHERE expires_at < ? ORDER BY expires_at LIMIT ?)",
      base::Time(transaction.now() - remembered_for), limit);
}

}  // namespace rubricon::sqlite
