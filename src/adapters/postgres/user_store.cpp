#include <rubricon/postgres/user_store.hpp>

#include <rubricon/postgres/rows.hpp>
#include <rubricon/postgres/user_writes.hpp>

#include <fmt/format.h>
#include <utility>

namespace rubricon::postgres {
using base::Deadline;
using base::Result;
using base::Task;

Task<Result<domain::User>> UserStore::create(ports::NewUser user, ports::Admission admission,
                                             Deadline deadline) {
  return transactor_.perform<Result<domain::User>>(
      deadline, [user = std::move(user), admission](Transaction* t) {
        return create_user(t, user, admission);
      });
}

Task<std::optional<ports::Credentials>> UserStore::find_by_email(domain::Email email,
                                                                 Deadline deadline) {
  static const std::string sql =
      fmt::format("SELECT {}, u.password_hash FROM users u WHERE u.email = $1", user_columns);
  const auto answer = co_await reader_.ask(query(sql, email), deadline);
  if (answer.empty()) co_return std::nullopt;
  co_return ports::Credentials{user_at(answer.front(), 0), answer.front().text(user_width)};
}

Task<std::optional<domain::User>> UserStore::find(domain::UserId id, Deadline deadline) {
  co_return user_in(co_await reader_.ask(user_query(id), deadline));
}

Task<Result<domain::User>> UserStore::update(domain::UserId id, ports::UserPatch patch,
                                             Deadline deadline) {
  return transactor_.perform<Result<domain::User>>(
      deadline,
      [id, patch = std::move(patch)](Transaction* t) { return update_user(t, id, patch); });
}

Task<Result<std::vector<domain::SessionId>>> UserStore::change_password(
    ports::PasswordChange change, Deadline deadline) {
  return transactor_.perform<Result<std::vector<domain::SessionId>>>(
      deadline, [change = std::move(change)](Transaction* t) {
        return postgres::change_password(t, change);
      });
}

Task<Result<std::vector<domain::SessionId>>> UserStore::set_disabled(domain::Email email,
                                                                     bool disabled,
                                                                     Deadline deadline) {
  return transactor_.perform<Result<std::vector<domain::SessionId>>>(
      deadline, [email = std::move(email), disabled](Transaction* t) {
        return postgres::set_disabled(t, email, disabled);
      });
}

Task<std::vector<domain::User>> UserStore::list(std::string after, std::size_t limit,
                                                Deadline deadline) {
  static const std::string sql = fmt::format(
      "SELECT {} FROM users u WHERE u.email COLLATE \"C\" > $1 ORDER BY u.email COLLATE \"C\" "
      "LIMIT $2",
      user_columns);
  std::vector<domain::User> users;
  for (const auto row : co_await reader_.ask(query(sql, after, limit), deadline)) {
    users.push_back(user_at(row, 0));
  }
  co_return users;
}

}  // namespace rubricon::postgres
