#include <rubricon/sqlite/user_store.hpp>

#include <rubricon/sqlite/rows.hpp>
#include <rubricon/sqlite/session_store.hpp>

#include <fmt/format.h>
#include <utility>

namespace rubricon::sqlite {
namespace {

using base::ErrorCode;

bool exists(Statement row) {
  return row.step();
}

base::Result<domain::User> create_user(Transaction& transaction, const ports::NewUser& request,
                                       ports::Admission admission) {
  Connection& db = transaction.db;
  if (exists(db.query("SELECT 1 FROM users WHERE email = ?", request.email))) {
    return base::fail(ErrorCode::conflict, "this address has an account already", "email_taken");
  }
  const bool first = !exists(db.query("SELECT 1 FROM users LIMIT 1"));
  if (!first && admission == ports::Admission::only_first) {
    return base::fail(ErrorCode::forbidden, "new accounts need an invitation", "signup_closed");
  }
  const auto at = transaction.now();
  domain::User user{.id = transaction.make_id<domain::UserId>(at),
                    .email = request.email.value(),
                    .name = request.name.value(),
                    .role = first ? domain::UserRole::admin : domain::UserRole::teacher,
                    .locale = request.locale,
                    .created_at = at};
  store_user(db, user, request.password_hash);
  return user;
}

base::Result<domain::User> update_user(Transaction& transaction, domain::UserId id,
                                       const ports::UserPatch& patch) {
  auto user = find_user(transaction.db, id);
  if (!user) return base::fail(ErrorCode::not_found, "no such user");
  if (patch.name) user->name = patch.name->value();
  if (patch.locale) user->locale = *patch.locale;
  transaction.db.run("UPDATE users SET name = ?2, locale = ?3 WHERE id = ?1", id, user->name,
                     domain::to_string(user->locale));
  return *user;
}

std::optional<ports::Credentials> find_credentials(Connection& db, const domain::Email& email) {
  static const std::string sql =
      fmt::format("SELECT {}, u.password_hash FROM users u WHERE u.email = ?", user_columns);
  auto row = db.query(sql, email);
  if (!row.step()) return std::nullopt;
  return ports::Credentials{user_at(row, 0), row.text(user_width)};
}

/// All sessions of the user but `kept`.
std::vector<domain::SessionId> end_sessions(Transaction& transaction, domain::UserId user,
                                            domain::SessionId kept) {
  std::vector<domain::SessionId> ended;
  {
    auto row = transaction.db.query(
        "SELECT id FROM sessions WHERE user_id = ? AND id <> ? AND revoked_at IS NULL", user, kept);
    while (row.step()) ended.push_back(row.id<domain::SessionId>(0));
  }
  for (const auto session : ended) end_session(transaction, user, session);
  return ended;
}

base::Result<std::vector<domain::SessionId>> replace_password(Transaction& transaction,
                                                              const ports::PasswordChange& change) {
  Connection& db = transaction.db;
  if (db.run("UPDATE users SET password_hash = ?3 WHERE id = ?1 AND password_hash = ?2",
             change.user, change.present_hash, change.next_hash) == 0) {
    if (!find_user(db, change.user)) return base::fail(ErrorCode::not_found, "no such user");
    return base::fail(ErrorCode::conflict, "the password was changed meanwhile");
  }
  return end_sessions(transaction, change.user, change.kept);
}

base::Result<std::vector<domain::SessionId>> set_user_disabled(Transaction& transaction,
                                                               const domain::Email& email,
                                                               bool disabled) {
  const auto account = find_credentials(transaction.db, email);
  if (!account) return base::fail(ErrorCode::not_found, "nobody has this address");
  const auto user = account->user.id;
  if (!disabled) {
    transaction.db.run("UPDATE users SET disabled_at = NULL WHERE id = ?", user);
    return std::vector<domain::SessionId>();
  }
  transaction.db.run("UPDATE users SET disabled_at = ifnull(disabled_at, ?2) WHERE id = ?1", user,
                     transaction.now());
  return end_sessions(transaction, user, domain::SessionId());
}

std::vector<domain::User> list_users(Connection& db, const std::string& after, std::size_t limit) {
  static const std::string sql = fmt::format(
      "SELECT {} FROM users u WHERE u.email > ? ORDER BY u.email LIMIT ?", user_columns);
  auto row = db.query(sql, after, static_cast<std::int64_t>(limit));
  std::vector<domain::User> users;
  while (row.step()) users.push_back(user_at(row, 0));
  return users;
}

}  // namespace

void store_user(Connection& db, const domain::User& user, std::string_view password_hash) {
  db.run(
      "INSERT INTO users (id, email, name, role, locale, password_hash, created_at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)",
      user.id, user.email, user.name, domain::to_string(user.role), domain::to_string(user.locale),
      password_hash, user.created_at);
}

base::Task<base::Result<domain::User>> UserStore::create(ports::NewUser user,
                                                         ports::Admission admission,
                                                         base::Deadline deadline) {
  return perform<base::Result<domain::User>, Transaction>(
      &writer_, deadline, [user = std::move(user), admission](Transaction& transaction) {
        return create_user(transaction, user, admission);
      });
}

base::Task<std::optional<ports::Credentials>> UserStore::find_by_email(domain::Email email,
                                                                       base::Deadline deadline) {
  return perform<std::optional<ports::Credentials>, Connection>(
      &readers_, deadline,
      [email = std::move(email)](Connection& db) { return find_credentials(db, email); });
}

base::Task<std::optional<domain::User>> UserStore::find(domain::UserId id,
                                                        base::Deadline deadline) {
  return perform<std::optional<domain::User>, Connection>(
      &readers_, deadline, [id](Connection& db) { return find_user(db, id); });
}

base::Task<base::Result<domain::User>> UserStore::update(domain::UserId id, ports::UserPatch patch,
                                                         base::Deadline deadline) {
  return perform<base::Result<domain::User>, Transaction>(
      &writer_, deadline, [id, patch = std::move(patch)](Transaction& transaction) {
        return update_user(transaction, id, patch);
      });
}

base::Task<base::Result<std::vector<domain::SessionId>>> UserStore::change_password(
    ports::PasswordChange change, base::Deadline deadline) {
  return perform<base::Result<std::vector<domain::SessionId>>, Transaction>(
      &writer_, deadline, [change = std::move(change)](Transaction& transaction) {
        return replace_password(transaction, change);
      });
}

base::Task<base::Result<std::vector<domain::SessionId>>> UserStore::set_disabled(
    domain::Email email, bool disabled, base::Deadline deadline) {
  return perform<base::Result<std::vector<domain::SessionId>>, Transaction>(
      &writer_, deadline, [email = std::move(email), disabled](Transaction& transaction) {
        return set_user_disabled(transaction, email, disabled);
      });
}

base::Task<std::vector<domain::User>> UserStore::list(std::string after, std::size_t limit,
                                                      base::Deadline deadline) {
  return perform<std::vector<domain::User>, Connection>(
      &readers_, deadline,
      [after = std::move(after), limit](Connection& db) { return list_users(db, after, limit); });
}

}  // namespace rubricon::sqlite
