#include <rubricon/postgres/member_writes.hpp>

#include <rubricon/domain/event_data.hpp>
#include <rubricon/postgres/access.hpp>
#include <rubricon/postgres/event_log.hpp>
#include <rubricon/postgres/rows.hpp>

#include <fmt/format.h>
#include <algorithm>

namespace rubricon::postgres {
namespace {

using base::ErrorCode;
using domain::EventType;
using domain::MemberRole;

Query user_by_email_query(const domain::Email& email) {
  static const std::string sql =
      fmt::format("SELECT {} FROM users u WHERE u.email = $1", user_columns);
  return query(sql, email);
}

std::optional<MemberRole> role_of(const std::vector<domain::Member>& members, domain::UserId user) {
  const auto found = std::ranges::find(members, user, &domain::Member::user);
  return found == members.end() ? std::nullopt : std::optional(found->role);
}

bool is_last_owner(const std::vector<domain::Member>& members, MemberRole role) {
  return role == MemberRole::owner &&
         std::ranges::count(members, MemberRole::owner, &domain::Member::role) == 1;
}

std::unexpected<base::Error> last_owner() {
  return base::fail(ErrorCode::conflict, "a chat needs an owner", "last_owner");
}

}  // namespace

base::Task<base::Result<domain::Member>> add_chat_member(Transaction* transaction,
                                                         domain::UserId actor, domain::ChatId chat,
                                                         domain::Email email, MemberRole role) {
  lock_chat(transaction, chat);
  const auto asked = co_await transaction->ask_all(
      together(access_query(actor, chat), user_by_email_query(email), members_query(chat)));
  const auto access = owner_access(asked[0]);
  if (!access) co_return std::unexpected(access.error());
  const auto user = user_in(asked[1]);
  if (!user) {
    co_return base::fail(ErrorCode::not_found, "nobody has this address", "user_not_found");
  }
  const domain::Member member{user->id, user->email, user->name, role};
  const auto members = members_in(asked[2]);
  const auto present = role_of(members, user->id);
  if (present == role) co_return member;
  if (present && is_last_owner(members, *present)) co_return last_owner();
  if (!present && members.size() >= domain::members_max) {
    co_return base::fail(ErrorCode::conflict, "this chat has as many members as it may",
                         "too_many_members");
  }
  transaction->run(
      "INSERT INTO chat_members (chat_id, user_id, role, shared) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (chat_id, user_id) DO UPDATE SET role = $3",
      chat, user->id, std::string_view(domain::to_string(role)), user->id != access->chat.owner);
  ChatStream stream(transaction, access->chat, {});
  stream.append(EventType::member_added, domain::member_added_data(member));
  append_user_event(transaction, user->id, EventType::chat_added, stream.at(),
                    domain::chat_added_data(chat, role));
  co_return member;
}

base::Task<base::Result<void>> remove_chat_member(Transaction* transaction, domain::UserId actor,
                                                  domain::ChatId chat, domain::UserId member) {
  lock_chat(transaction, chat);
  const auto asked =
      co_await transaction->ask_all(together(access_query(actor, chat), members_query(chat)));
  const auto access = actor == member ? member_access(asked[0]) : owner_access(asked[0]);
  if (!access) co_return std::unexpected(access.error());
  const auto members = members_in(asked[1]);
  const auto role = role_of(members, member);
  if (!role) co_return base::fail(ErrorCode::not_found, "not a member of this chat");
  if (is_last_owner(members, *role)) co_return last_owner();
  transaction->run("DELETE FROM chat_members WHERE chat_id = $1 AND user_id = $2", chat, member);
  ChatStream stream(transaction, access->chat, {});
  stream.append(EventType::member_removed, domain::member_removed_data(member));
  append_user_event(transaction, member, EventType::chat_removed, stream.at(),
                    domain::chat_removed_data(chat));
  co_return base::Result<void>();
}

}  // namespace rubricon::postgres
