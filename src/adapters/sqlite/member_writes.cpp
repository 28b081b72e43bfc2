#include <rubricon/sqlite/member_writes.hpp>

#include <rubricon/domain/event_data.hpp>
#include <rubricon/sqlite/access.hpp>
#include <rubricon/sqlite/event_log.hpp>
#include <rubricon/sqlite/rows.hpp>

#include <fmt/format.h>

namespace rubricon::sqlite {
namespace {

using base::ErrorCode;
using domain::EventType;
using domain::MemberRole;

std::optional<domain::User> find_user_by_email(Connection& db, const domain::Email& email) {
  static const std::string sql =
      fmt::format("SELECT {} FROM users u WHERE u.email = ?", user_columns);
  auto row = db.query(sql, email);
  if (!row.step()) return std::nullopt;
  return user_at(row, 0);
}

std::optional<MemberRole> role_in(Connection& db, domain::ChatId chat, domain::UserId user) {
  auto row =
      db.query("SELECT role FROM chat_members WHERE chat_id = ? AND user_id = ?", chat, user);
  if (!row.step()) return std::nullopt;
  return role_at(row, 0);
}

std::int64_t count_members(Connection& db, domain::ChatId chat) {
  auto row = db.query("SELECT count(*) FROM chat_members WHERE chat_id = ?", chat);
  row.step();
  return row.integer(0);
}

bool is_last_owner(Connection& db, domain::ChatId chat, MemberRole role) {
  if (role != MemberRole::owner) return false;
  auto row =
      db.query("SELECT count(*) FROM chat_members WHERE chat_id = ? AND role = 'owner'", chat);
  row.step();
  return row.integer(0) == 1;
}

std::unexpected<base::Error> last_owner() {
  return base::fail(ErrorCode::conflict, "a chat needs an owner", "last_owner");
}

}  // namespace

base::Result<domain::Member> add_chat_member(Transaction& transaction, domain::UserId actor,
                                             domain::ChatId chat, const domain::Email& email,
                                             MemberRole role) {
  Connection& db = transaction.db;
  const auto access = require_owner(db, actor, chat);
  if (!access) return std::unexpected(access.error());
  const auto user = find_user_by_email(db, email);
  if (!user) {
    return base::fail(ErrorCode::not_found, "nobody has this address", "user_not_found");
  }
  const domain::Member member{user->id, user->email, user->name, role};
  const auto present = role_in(db, chat, user->id);
  if (present == role) return member;
  if (present && is_last_owner(db, chat, *present)) return last_owner();
  if (!present && count_members(db, chat) >= static_cast<std::int64_t>(domain::members_max)) {
    return base::fail(ErrorCode::conflict, "this chat has as many members as it may",
                      "too_many_members");
  }
  db.run(
      "INSERT INTO chat_members (chat_id, user_id, role, shared) VALUES (?1, ?2, ?3, ?4) "
      "ON CONFLICT (chat_id, user_id) DO UPDATE SET role = ?3",
      chat, user->id, domain::to_string(role), user->id != access->chat.owner);
  ChatStream stream(transaction, access->chat, {});
  stream.append(EventType::member_added, domain::member_added_data(member));
  append_user_event(transaction, user->id, EventType::chat_added, stream.at(),
                    domain::chat_added_data(chat, role));
  return member;
}

base::Result<void> remove_chat_member(Transaction& transaction, domain::UserId actor,
                                      domain::ChatId chat, domain::UserId member) {
  Connection& db = transaction.db;
  const auto access =
      actor == member ? require_member(db, actor, chat) : require_owner(db, actor, chat);
  if (!access) return std::unexpected(access.error());
  const auto role = role_in(db, chat, member);
  if (!role) return base::fail(ErrorCode::not_found, "not a member of this chat");
  if (is_last_owner(db, chat, *role)) return last_owner();
  db.run("DELETE FROM chat_members WHERE chat_id = ? AND user_id = ?", chat, member);
  ChatStream stream(transaction, access->chat, {});
  stream.append(EventType::member_removed, domain::member_removed_data(member));
  append_user_event(transaction, member, EventType::chat_removed, stream.at(),
                    domain::chat_removed_data(chat));
  return {};
}

}  // namespace rubricon::sqlite
