#include <rubricon/postgres/session_writes.hpp>

#include <rubricon/domain/event_data.hpp>
#include <rubricon/postgres/event_log.hpp>
#include <rubricon/postgres/rows.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace rubricon::postgres {
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

/// With the family's lock, which comes before its rows are looked at.
base::Task<std::optional<TokenRow>> find_token(Transaction* transaction, ports::TokenHash token) {
  transaction->run(
      "SELECT 1 FROM sessions WHERE id = (SELECT session_id FROM refresh_tokens WHERE hash = $1) "
      "FOR NO KEY UPDATE",
      token);
  const auto answer = co_await transaction->query(
      "SELECT s.id, s.user_id, s.expires_at, s.revoked_at IS NOT NULL, t.replaced_at, t.successor "
      "FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.hash = $1",
      token);
  if (answer.empty()) co_return std::nullopt;
  const auto row = answer.front();
  TokenRow found{row.id<domain::SessionId>(0),
                 row.id<domain::UserId>(1),
                 row.time(2),
                 row.boolean(3),
                 row.optional_time(4),
                 {}};
  if (!row.null(5)) {
    const auto hash = row.bytes(5);
    auto& successor = found.successor.emplace();
    std::copy_n(hash.begin(), std::min(hash.size(), successor.size()), successor.begin());
  }
  co_return found;
}

std::unexpected<base::Error> invalid_token() {
  return base::fail(ErrorCode::unauthenticated, "sign in again", "refresh_invalid");
}

/// What a replaced token is answered.
base::Task<base::Result<ports::SessionUser>> reuse_token(Transaction* transaction, TokenRow token,
                                                         domain::User user,
                                                         ports::TokenHash new_token,
                                                         base::Milliseconds grace) {
  if (transaction->now() - *token.replaced_at >= grace) {
    co_await end_session(transaction, token.user, token.session);
    co_return base::fail(ErrorCode::unauthenticated, "sign in again", "refresh_reused");
  }
  if (token.successor == new_token) {
    const auto next = co_await find_token(transaction, new_token);
    if (next && !next->successor) co_return ports::SessionUser{token.session, std::move(user)};
  }
  co_return base::fail(ErrorCode::conflict, "this token was replaced a moment ago",
                       "recently_rotated");
}

}  // namespace

base::Task<domain::SessionId> open_session(Transaction* transaction, domain::UserId user,
                                           ports::TokenHash token, base::Time expires_at) {
  const auto at = transaction->now();
  const auto id = transaction->make_id<domain::SessionId>(at);
  transaction->run(
      "INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)", id,
      user, at, expires_at);
  co_await transaction->ask_and_commit(
      query("INSERT INTO refresh_tokens (hash, session_id) VALUES ($1, $2)", token, id));
  co_return id;
}

base::Task<base::Result<ports::SessionUser>> rotate_token(Transaction* transaction,
                                                          ports::TokenHash old_token,
                                                          ports::TokenHash new_token,
                                                          base::Milliseconds grace) {
  const auto token = co_await find_token(transaction, old_token);
  if (!token || token->revoked || token->expires_at <= transaction->now()) {
    co_return invalid_token();
  }
  auto user = user_in(co_await transaction->ask(user_query(token->user)));
  if (!user) co_return invalid_token();
  if (token->replaced_at) {
    co_return co_await reuse_token(transaction, *token, std::move(*user), new_token, grace);
  }
  transaction->run("UPDATE refresh_tokens SET successor = $2, replaced_at = $3 WHERE hash = $1",
                   old_token, new_token, transaction->now());
  transaction->run("INSERT INTO refresh_tokens (hash, session_id) VALUES ($1, $2)", new_token,
                   token->session);
  co_return ports::SessionUser{token->session, std::move(*user)};
}

base::Task<Done> revoke_by_token(Transaction* transaction, ports::TokenHash token) {
  const auto found = co_await find_token(transaction, token);
  if (found) co_await end_session(transaction, found->user, found->session);
  co_return Done{};
}

base::Task<base::Result<void>> revoke_session(Transaction* transaction, domain::UserId user,
                                              domain::SessionId session) {
  const auto known = co_await transaction->query(
      "SELECT 1 FROM sessions WHERE id = $1 AND user_id = $2", session, user);
  if (known.empty()) co_return base::fail(ErrorCode::not_found, "no such session");
  co_await end_session(transaction, user, session);
  co_return base::Result<void>();
}

base::Task<void> end_session(Transaction* transaction, domain::UserId user,
                             domain::SessionId session) {
  const auto at = transaction->now();
  const auto ended = co_await transaction->query(
      "UPDATE sessions SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", session, at);
  if (ended.changed() == 0) co_return;
  append_user_event(transaction, user, domain::EventType::session_revoked, at,
                    domain::session_revoked_data(session));
}

base::Task<std::int64_t> forget_sessions(Transaction* transaction, std::int64_t limit) {
  const auto forgotten = co_await transaction->query(
      "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < $1 "
      "ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)",
      base::Time(transaction->now() - remembered_for), limit);
  co_return forgotten.changed();
}

}  // namespace rubricon::postgres
