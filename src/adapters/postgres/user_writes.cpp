#include <rubricon/postgres/user_writes.hpp>

#include <rubricon/postgres/rows.hpp>
#include <rubricon/postgres/session_writes.hpp>

#include <utility>

namespace rubricon::postgres {
namespace {

using base::ErrorCode;

/// Those whose ids are in the rows of `locked`.
base::Task<std::vector<domain::SessionId>> end_sessions(Transaction* transaction,
                                                        domain::UserId user, Answer locked) {
  std::vector<domain::SessionId> ended;
  for (const auto row : locked) ended.push_back(row.id<domain::SessionId>(0));
  for (const auto session : ended) co_await end_session(transaction, user, session);
  co_return ended;
}

}  // namespace

void lock_accounts(Transaction* transaction) {
  transaction->run("SELECT pg_advisory_xact_lock(5927201144290702)");
}

void store_user(Transaction* transaction, const domain::User& user,
                std::string_view password_hash) {
  transaction->run(
      "INSERT INTO users (id, email, name, role, locale, password_hash, created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      user.id, user.email, user.name, std::string_view(domain::to_string(user.role)),
      std::string_view(domain::to_string(user.locale)), password_hash, user.created_at);
}

base::Task<base::Result<domain::User>> create_user(Transaction* transaction, ports::NewUser request,
                                                   ports::Admission admission) {
  lock_accounts(transaction);
  const auto asked = co_await transaction->query(
      "SELECT EXISTS (SELECT FROM users WHERE email = $1), EXISTS (SELECT FROM users)",
      request.email);
  if (asked.front().boolean(0)) {
    co_return base::fail(ErrorCode::conflict, "this address has an account already", "email_taken");
  }
  const bool first = !asked.front().boolean(1);
  if (!first && admission == ports::Admission::only_first) {
    co_return base::fail(ErrorCode::forbidden, "new accounts need an invitation", "signup_closed");
  }
  const auto at = transaction->now();
  domain::User user{.id = transaction->make_id<domain::UserId>(at),
                    .email = request.email.value(),
                    .name = request.name.value(),
                    .role = first ? domain::UserRole::admin : domain::UserRole::teacher,
                    .locale = request.locale,
                    .created_at = at};
  store_user(transaction, user, request.password_hash);
  co_return user;
}

base::Task<base::Result<domain::User>> update_user(Transaction* transaction, domain::UserId id,
                                                   ports::UserPatch patch) {
  transaction->run("SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE", id);
  auto user = user_in(co_await transaction->ask(user_query(id)));
  if (!user) co_return base::fail(ErrorCode::not_found, "no such user");
  if (patch.name) user->name = patch.name->value();
  if (patch.locale) user->locale = *patch.locale;
  transaction->run("UPDATE users SET name = $2, locale = $3 WHERE id = $1", id, user->name,
                   std::string_view(domain::to_string(user->locale)));
  co_return *user;
}

base::Task<base::Result<std::vector<domain::SessionId>>> change_password(
    Transaction* transaction, ports::PasswordChange change) {
  auto others = co_await transaction->query(
      "SELECT id FROM sessions WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL "
      "ORDER BY id FOR NO KEY UPDATE",
      change.user, change.kept);
  const auto changed = co_await transaction->query(
      "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2", change.user,
      change.present_hash, change.next_hash);
  if (changed.changed() == 0) {
    const auto user = co_await transaction->ask(user_query(change.user));
    if (user.empty()) co_return base::fail(ErrorCode::not_found, "no such user");
    co_return base::fail(ErrorCode::conflict, "the password was changed meanwhile");
  }
  co_return co_await end_sessions(transaction, change.user, std::move(others));
}

base::Task<base::Result<std::vector<domain::SessionId>>> set_disabled(Transaction* transaction,
                                                                      domain::Email email,
                                                                      bool disabled) {
  const auto account = co_await transaction->query("SELECT id FROM users WHERE email = $1", email);
  if (account.empty()) co_return base::fail(ErrorCode::not_found, "nobody has this address");
  const auto user = account.front().id<domain::UserId>(0);
  if (!disabled) {
    transaction->run("UPDATE users SET disabled_at = NULL WHERE id = $1", user);
    co_return std::vector<domain::SessionId>();
  }
  // Sessions before their user, as everywhere.
  auto open = co_await transaction->query(
      "SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL "
      "ORDER BY id FOR NO KEY UPDATE",
      user);
  transaction->run("UPDATE users SET disabled_at = coalesce(disabled_at, $2) WHERE id = $1", user,
                   transaction->now());
  co_return co_await end_sessions(transaction, user, std::move(open));
}

}  // namespace rubricon::postgres
