#include <rubricon/memory/chat_writes.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/domain/event_data.hpp>
#include <rubricon/memory/chat_queries.hpp>
#include <rubricon/memory/chat_rows.hpp>
#include <rubricon/memory/responses.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::memory {
namespace {

using base::ErrorCode;
using domain::EventType;
using domain::MemberRole;

domain::Chat insert_chat(Transaction& transaction, const ports::NewChat& request) {
  const auto at = transaction.now();
  const domain::Chat chat{.id = transaction.make_id<domain::ChatId>(at),
                          .owner = request.owner,
                          .title = request.title.value(),
                          .context = request.context,
                          .epoch = domain::Epoch(1),
                          .last_seq = {},
                          .created_at = at,
                          .updated_at = at};
  const bool alone = transaction.try_lock(chat.id);
  RUBRICON_ASSERT(alone);  // nobody else knows it yet
  View& rows = transaction.rows;
  rows.chats.put(chat.id, {chat, {}});
  rows.members.put({chat.id, chat.owner},
                   {.chat = chat.id, .user = chat.owner, .role = MemberRole::owner});
  ChatStream stream(transaction, chat.id, request.trace);
  stream.append(EventType::chat_created, domain::chat_created_data(chat));
  append_user_event(transaction, chat.owner, EventType::chat_added, at,
                    domain::chat_added_data(chat.id, MemberRole::owner));
  return rows.chats.find(chat.id)->chat;
}

/// Tells the user streams of all members that the chat came into view or went out of it.
void tell_members(Transaction& transaction, domain::ChatId chat, EventType type, base::Time at) {
  for (const auto* const member : members_in(transaction.rows, chat)) {
    append_user_event(transaction, member->user, type, at,
                      type == EventType::chat_added ? domain::chat_added_data(chat, member->role)
                                                    : domain::chat_removed_data(chat));
  }
}

bool is_last_owner(const View& rows, const MemberRow& member) {
  return member.role == MemberRole::owner &&
         std::ranges::count(members_in(rows, member.chat), MemberRole::owner, &MemberRow::role) ==
             1;
}

std::unexpected<base::Error> last_owner() {
  return base::fail(ErrorCode::conflict, "a chat needs an owner", "last_owner");
}

}  // namespace

base::Result<domain::Chat> create_chat(Transaction& transaction, const ports::NewChat& request) {
  if (!transaction.rows.users.find(request.owner)) {
    return base::fail(ErrorCode::not_found, "no such user");
  }
  const auto key = response_key(request);
  if (!key) return insert_chat(transaction, request);
  const auto text = request_of({request.title.value(), request.context});
  const auto response = find_response<domain::Chat>(transaction, *key, text);
  if (!response) return std::unexpected(response.error());
  if (*response) return **response;
  auto chat = insert_chat(transaction, request);
  store_response(transaction, *key, text, chat);
  return chat;
}

base::Result<ports::ChatSummary> update_chat(Transaction& transaction, domain::UserId user,
                                             domain::ChatId chat, const ports::ChatPatch& patch) {
  View& rows = transaction.rows;
  const bool shared = patch.title || patch.context;
  const auto access = shared ? require_writer(rows, user, chat) : require_member(rows, user, chat);
  if (!access) return std::unexpected(access.error());
  domain::Chat changed = access->chat;
  if (patch.title) changed.title = patch.title->value();
  if (patch.context) changed.context = *patch.context;
  if (changed != access->chat) {
    ChatStream stream(transaction, chat, {});
    rename_chat(transaction, stream, changed, user);
  }
  if (patch.pinned) {
    MemberRow member = *rows.members.find({chat, user});
    member.pinned = *patch.pinned;
    rows.members.put({chat, user}, member);
  }
  return summarise(rows, user, chat);
}

base::Result<void> remove_chat(Transaction& transaction, domain::UserId user, domain::ChatId chat) {
  const auto access = require_owner(transaction.rows, user, chat);
  if (!access) return std::unexpected(access.error());
  ChatStream stream(transaction, chat, {});
  stream.append(EventType::chat_deleted, domain::by_user_data(user));
  ChatRow row = *transaction.rows.chats.find(chat);
  row.deleted_at = transaction.now();
  transaction.rows.chats.put(chat, std::move(row));
  tell_members(transaction, chat, EventType::chat_removed, stream.at());
  return {};
}

base::Result<void> restore_chat(Transaction& transaction, domain::UserId user,
                                domain::ChatId chat) {
  View& rows = transaction.rows;
  const auto* const found = rows.chats.find(chat);
  if (!found || !found->deleted_at) {
    const auto access = require_owner(rows, user, chat);
    return access ? base::Result<void>() : std::unexpected(access.error());
  }
  const auto* const member = rows.members.find({chat, user});
  const bool owner = member && domain::may_manage(member->role);
  if (!owner || *found->deleted_at <= transaction.now() - ports::undo_open_for) {
    return base::fail(ErrorCode::not_found, "no such chat");
  }
  ChatRow row = *found;
  row.deleted_at = std::nullopt;
  rows.chats.put(chat, std::move(row));
  ChatStream stream(transaction, chat, {});
  stream.append(EventType::chat_restored, domain::by_user_data(user), next_open_job(rows, chat));
  tell_members(transaction, chat, EventType::chat_added, stream.at());
  return {};
}

base::Result<void> mark_chat_read(Transaction& transaction, domain::UserId user,
                                  domain::ChatId chat, domain::Seq seq) {
  const auto access = require_member(transaction.rows, user, chat);
  if (!access) return std::unexpected(access.error());
  MemberRow member = *transaction.rows.members.find({chat, user});
  member.last_read = std::max(member.last_read, std::min(seq, access->chat.last_seq));
  transaction.rows.members.put({chat, user}, member);
  return {};
}

base::Result<domain::UserId> find_invited(const View& rows, domain::UserId actor,
                                          domain::ChatId chat, const domain::Email& email) {
  const auto access = require_owner(rows, actor, chat);
  if (!access) return std::unexpected(access.error());
  const auto* const user = rows.emails.find(email.value());
  if (!user) return base::fail(ErrorCode::not_found, "nobody has this address", "user_not_found");
  return *user;
}

base::Result<domain::Member> add_chat_member(Transaction& transaction, domain::ChatId chat,
                                             domain::UserId member, MemberRole role) {
  View& rows = transaction.rows;
  const auto& user = rows.users.find(member)->user;
  const domain::Member added{user.id, user.email, user.name, role};
  const auto* const present = rows.members.find({chat, member});
  if (present && present->role == role) return added;
  if (present && is_last_owner(rows, *present)) return last_owner();
  if (!present && members_in(rows, chat).size() >= domain::members_max) {
    return base::fail(ErrorCode::conflict, "this chat has as many members as it may",
                      "too_many_members");
  }
  MemberRow row = present ? *present : MemberRow{.chat = chat, .user = member};
  row.role = role;
  rows.members.put({chat, member}, row);
  ChatStream stream(transaction, chat, {});
  stream.append(EventType::member_added, domain::member_added_data(added));
  append_user_event(transaction, member, EventType::chat_added, stream.at(),
                    domain::chat_added_data(chat, role));
  return added;
}

base::Result<void> remove_chat_member(Transaction& transaction, domain::UserId actor,
                                      domain::ChatId chat, domain::UserId member) {
  View& rows = transaction.rows;
  const auto access =
      actor == member ? require_member(rows, actor, chat) : require_owner(rows, actor, chat);
  if (!access) return std::unexpected(access.error());
  const auto* const row = rows.members.find({chat, member});
  if (!row) return base::fail(ErrorCode::not_found, "not a member of this chat");
  if (is_last_owner(rows, *row)) return last_owner();
  rows.members.erase({chat, member});
  ChatStream stream(transaction, chat, {});
  stream.append(EventType::member_removed, domain::member_removed_data(member));
  append_user_event(transaction, member, EventType::chat_removed, stream.at(),
                    domain::chat_removed_data(chat));
  return {};
}

void rename_chat(Transaction& transaction, ChatStream& stream, const domain::Chat& changed,
                 std::optional<domain::UserId> by) {
  ChatRow row = *transaction.rows.chats.find(changed.id);
  row.chat.title = changed.title;
  row.chat.context = changed.context;
  transaction.rows.chats.put(changed.id, std::move(row));
  stream.append(EventType::chat_renamed, domain::chat_renamed_data(changed, by));
}

std::optional<ResponseKey> response_key(const ports::NewChat& request) {
  if (!request.key) return std::nullopt;
  return ResponseKey{request.owner, "create-chat", request.key->value()};
}

}  // namespace rubricon::memory
