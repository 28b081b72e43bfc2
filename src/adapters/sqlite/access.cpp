#include <rubricon/sqlite/access.hpp>

#include <rubricon/sqlite/rows.hpp>

#include <fmt/format.h>

namespace rubricon::sqlite {
using base::ErrorCode;

base::Result<Access> require_member(Connection& db, domain::UserId user, domain::ChatId chat) {
  static const std::string sql = fmt::format(
      "SELECT {}, cm.role FROM chats c "
      "JOIN chat_members cm ON cm.chat_id = c.id AND cm.user_id = ?2 "
      "WHERE c.id = ?1 AND c.deleted_at IS NULL",
      chat_columns);
  auto row = db.query(sql, chat, user);
  if (!row.step()) return base::fail(ErrorCode::not_found, "no such chat");
  return Access{chat_at(row, 0), role_at(row, chat_width)};
}

base::Result<Access> require_writer(Connection& db, domain::UserId user, domain::ChatId chat) {
  auto access = require_member(db, user, chat);
  if (access && !domain::may_write(access->role)) {
    return base::fail(ErrorCode::forbidden, "viewers cannot change a chat");
  }
  return access;
}

base::Result<Access> require_owner(Connection& db, domain::UserId user, domain::ChatId chat) {
  auto access = require_member(db, user, chat);
  if (access && !domain::may_manage(access->role)) {
    return base::fail(ErrorCode::forbidden, "only an owner of the chat may do this");
  }
  return access;
}

}  // namespace rubricon::sqlite
