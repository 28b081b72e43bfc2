#include <rubricon/memory/user_store.hpp>

#include <rubricon/memory/session_store.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::memory {
namespace {

using base::ErrorCode;
using UserResult = base::Result<domain::User>;

UserResult create_user(Transaction& transaction, const ports::NewUser& request,
                       ports::Admission admission) {
  View& rows = transaction.rows;
  const bool first = rows.users.all().empty();
  if (!first && admission == ports::Admission::only_first) {
    return base::fail(ErrorCode::forbidden, "this installation is closed", "signup_closed");
  }
  if (rows.emails.find(request.email.value())) {
    return base::fail(ErrorCode::conflict, "this address is in use", "email_taken");
  }
  const auto at = transaction.now();
  const domain::User user{.id = transaction.make_id<domain::UserId>(at),
                          .email = request.email.value(),
                          .name = request.name.value(),
                          .role = first ? domain::UserRole::admin : domain::UserRole::teacher,
                          .locale = request.locale,
                          .created_at = at};
  rows.users.put(user.id, {user, request.password_hash, {domain::Epoch(1), domain::Seq(0)}});
  rows.emails.put(user.email, user.id);
  return user;
}

UserResult update_user(Transaction& transaction, domain::UserId id, const ports::UserPatch& patch) {
  const auto* const found = transaction.rows.users.find(id);
  if (!found) return base::fail(ErrorCode::not_found, "no such user");
  UserRow row = *found;
  if (patch.name) row.user.name = patch.name->value();
  if (patch.locale) row.user.locale = *patch.locale;
  auto user = row.user;
  transaction.rows.users.put(id, std::move(row));
  return user;
}

std::vector<domain::SessionId> sessions_of(const View& rows, domain::UserId user) {
  std::vector<domain::SessionId> sessions;
  for (const auto* const row : rows.sessions.all()) {
    if (row->user == user && !row->revoked_at) sessions.push_back(row->id);
  }
  return sessions;
}

/// All sessions of the user but `kept`; they are locked.
std::vector<domain::SessionId> end_sessions(Transaction& transaction, domain::UserId user,
                                            domain::SessionId kept) {
  auto ended = sessions_of(transaction.rows, user);
  std::erase(ended, kept);
  for (const auto session : ended) {
    end_session(transaction, *transaction.rows.sessions.find(session));
  }
  return ended;
}

}  // namespace

base::Task<UserResult> UserStore::create(ports::NewUser user, ports::Admission admission,
                                         base::Deadline deadline) {
  return write<UserResult>(link_, "users.create", deadline, {SignUp()},
                           [user = std::move(user), admission](Transaction& transaction) {
                             return create_user(transaction, user, admission);
                           });
}

base::Task<std::optional<ports::Credentials>> UserStore::find_by_email(domain::Email email,
                                                                       base::Deadline deadline) {
  return read<std::optional<ports::Credentials>>(
      link_, "users.find_by_email", deadline,
      [email = std::move(email)](const View& rows) -> std::optional<ports::Credentials> {
        const auto* const id = rows.emails.find(email.value());
        if (!id) return std::nullopt;
        const auto* const row = rows.users.find(*id);
        return ports::Credentials{row->user, row->password_hash};
      });
}

base::Task<std::optional<domain::User>> UserStore::find(domain::UserId id,
                                                        base::Deadline deadline) {
  return read<std::optional<domain::User>>(link_, "users.find", deadline,
                                           [id](const View& rows) -> std::optional<domain::User> {
                                             const auto* const row = rows.users.find(id);
                                             return row ? std::optional(row->user) : std::nullopt;
                                           });
}

base::Task<UserResult> UserStore::update(domain::UserId id, ports::UserPatch patch,
                                         base::Deadline deadline) {
  return write<UserResult>(link_, "users.update", deadline, {id},
                           [id, patch = std::move(patch)](Transaction& transaction) {
                             return update_user(transaction, id, patch);
                           });
}

base::Task<base::Result<std::vector<domain::SessionId>>> UserStore::change_password(
    ports::PasswordChange change, base::Deadline deadline) {
  const auto id = change.user;
  Transaction transaction(link_, "users.change_password", deadline);
  co_await transaction.begin();
  for (const auto session : sessions_of(transaction.rows, id)) co_await transaction.lock(session);
  co_await transaction.lock(id);
  const auto* const found = transaction.rows.users.find(id);
  if (!found) co_return base::fail(ErrorCode::not_found, "no such user");
  UserRow row = *found;
  if (row.password_hash != change.present_hash) {
    co_return base::fail(ErrorCode::conflict, "the password was changed meanwhile");
  }
  row.password_hash = std::move(change.next_hash);
  transaction.rows.users.put(id, std::move(row));
  auto ended = end_sessions(transaction, id, change.kept);
  co_await transaction.commit();
  co_return ended;
}

base::Task<base::Result<std::vector<domain::SessionId>>> UserStore::set_disabled(
    domain::Email email, bool disabled, base::Deadline deadline) {
  Transaction transaction(link_, "users.set_disabled", deadline);
  co_await transaction.begin();
  const auto* const found = transaction.rows.emails.find(email.value());
  if (!found) co_return base::fail(ErrorCode::not_found, "nobody has this address");
  const auto id = *found;
  for (const auto session : sessions_of(transaction.rows, id)) co_await transaction.lock(session);
  co_await transaction.lock(id);
  UserRow row = *transaction.rows.users.find(id);
  row.user.disabled = disabled;
  transaction.rows.users.put(id, std::move(row));
  std::vector<domain::SessionId> ended;
  if (disabled) ended = end_sessions(transaction, id, domain::SessionId());
  co_await transaction.commit();
  co_return ended;
}

base::Task<std::vector<domain::User>> UserStore::list(std::string after, std::size_t limit,
                                                      base::Deadline deadline) {
  return read<std::vector<domain::User>>(link_, "users.list", deadline,
                                         [after = std::move(after), limit](const View& rows) {
                                           std::vector<domain::User> users;
                                           for (const auto* const row : rows.users.all()) {
                                             if (row->user.email > after)
                                               users.push_back(row->user);
                                           }
                                           std::ranges::sort(users, {}, &domain::User::email);
                                           if (users.size() > limit) users.resize(limit);
                                           return users;
                                         });
}

}  // namespace rubricon::memory
