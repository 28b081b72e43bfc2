#include <rubricon/postgres/access.hpp>

#include <rubricon/postgres/rows.hpp>

#include <fmt/format.h>

namespace rubricon::postgres {
using base::ErrorCode;

Query access_query(domain::UserId user, domain::ChatId chat) {
  static const std::string sql = fmt::format(
      "SELECT {}, cm.role FROM chats c "
      "JOIN chat_members cm ON cm.chat_id = c.id AND cm.user_id = $2 "
      "WHERE c.id = $1 AND c.deleted_at IS NULL",
      chat_columns);
  return query(sql, chat, user);
}

base::Result<Access> member_access(const Answer& answer) {
  if (answer.empty()) return base::fail(ErrorCode::not_found, "no such chat");
  return Access{chat_at(answer.front(), 0), role_at(answer.front(), chat_width)};
}

base::Result<Access> writer_access(const Answer& answer) {
  auto access = member_access(answer);
  if (access && !domain::may_write(access->role)) {
    return base::fail(ErrorCode::forbidden, "viewers cannot change a chat");
  }
  return access;
}

base::Result<Access> owner_access(const Answer& answer) {
  auto access = member_access(answer);
  if (access && !domain::may_manage(access->role)) {
    return base::fail(ErrorCode::forbidden, "only an owner of the chat may do this");
  }
  return access;
}

void lock_chat(Transaction* transaction, domain::ChatId chat) {
  // A statement of its own: one that waits for a row goes on with the snapshot from before.
  transaction->run("SELECT 1 FROM chats WHERE id = $1 FOR NO KEY UPDATE", chat);
}

base::Task<base::Result<Access>> require_member(Transaction* transaction, domain::UserId user,
                                                domain::ChatId chat) {
  lock_chat(transaction, chat);
  co_return member_access(co_await transaction->ask(access_query(user, chat)));
}

base::Task<base::Result<Access>> require_writer(Transaction* transaction, domain::UserId user,
                                                domain::ChatId chat) {
  lock_chat(transaction, chat);
  co_return writer_access(co_await transaction->ask(access_query(user, chat)));
}

base::Task<base::Result<Access>> require_owner(Transaction* transaction, domain::UserId user,
                                               domain::ChatId chat) {
  lock_chat(transaction, chat);
  co_return owner_access(co_await transaction->ask(access_query(user, chat)));
}

}  // namespace rubricon::postgres
