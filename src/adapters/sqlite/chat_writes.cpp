#include <rubricon/sqlite/chat_writes.hpp>

#include <rubricon/domain/event_data.hpp>
#include <rubricon/sqlite/access.hpp>
#include <rubricon/sqlite/chat_queries.hpp>
#include <rubricon/sqlite/idempotency.hpp>
#include <rubricon/sqlite/rows.hpp>
#include <rubricon/sqlite/search_index.hpp>

#include <utility>

namespace rubricon::sqlite {
namespace {

using base::ErrorCode;
using domain::EventType;

domain::Chat insert_chat(Transaction& transaction, const ports::NewChat& request) {
  Connection& db = transaction.db;
  const auto at = transaction.now();
  domain::Chat chat{.id = transaction.make_id<domain::ChatId>(at),
                    .owner = request.owner,
                    .title = request.title.value(),
                    .context = request.context,
                    .epoch = domain::Epoch(1),
                    .last_seq = {},
                    .created_at = at,
                    .updated_at = at};
  store_chat(db, chat);
  ChatStream stream(transaction, chat, request.trace);
  chat.last_seq = stream.append(EventType::chat_created, domain::chat_created_data(chat)).seq;
  append_user_event(transaction, chat.owner, EventType::chat_added, at,
                    domain::chat_added_data(chat.id, domain::MemberRole::owner));
  index_document(db, chat.id, title_document, chat.title);
  return chat;
}

/// What create_chat answered the first time: the id and the time were stored, the rest is the
/// request's, which is the same.
domain::Chat repeated_chat(const ports::NewChat& request, std::string_view response) {
  const auto id = domain::ChatId::parse(response);
  if (!id) throw Defect("a stored response is not a chat id");
  const auto at = base::time_from_unix_ms(id->uuid().unix_ms());
  return {.id = *id,
          .owner = request.owner,
          .title = request.title.value(),
          .context = request.context,
          .epoch = domain::Epoch(1),
          .last_seq = domain::Seq(1),
          .created_at = at,
          .updated_at = at};
}

/// Tells the user streams of all members that the chat came into view or went out of it.
void tell_members(Transaction& transaction, domain::ChatId chat, EventType type, base::Time at) {
  for (const auto& member : members_of(transaction.db, chat)) {
    append_user_event(transaction, member.user, type, at,
                      type == EventType::chat_added ? domain::chat_added_data(chat, member.role)
                                                    : domain::chat_removed_data(chat));
  }
}

}  // namespace

void store_chat(Connection& db, const domain::Chat& chat) {
  db.run(
      "INSERT INTO chats (id, user_id, title, context, epoch, created_at, updated_at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)",
      chat.id, chat.owner, chat.title, chat.context, chat.epoch, chat.created_at, chat.updated_at);
  db.run("INSERT INTO chat_members (chat_id, user_id, shared, role) VALUES (?, ?, 0, ?)", chat.id,
         chat.owner, domain::to_string(domain::MemberRole::owner));
}

base::Result<domain::Chat> create_chat(Transaction& transaction, const ports::NewChat& request) {
  if (!find_user(transaction.db, request.owner)) {
    return base::fail(ErrorCode::not_found, "no such user");
  }
  if (!request.key) return insert_chat(transaction, request);
  const RequestName name{request.owner, "create-chat", *request.key};
  const auto hash = hash_request({request.title.value(), request.context});
  const auto response = find_response(transaction, name, hash);
  if (!response) return std::unexpected(response.error());
  if (*response) return repeated_chat(request, **response);
  auto chat = insert_chat(transaction, request);
  store_response(transaction, name, hash, chat.id.to_string());
  return chat;
}

base::Result<ports::ChatSummary> update_chat(Transaction& transaction, domain::UserId user,
                                             domain::ChatId chat, const ports::ChatPatch& patch) {
  Connection& db = transaction.db;
  const bool shared = patch.title || patch.context;
  const auto access = shared ? require_writer(db, user, chat) : require_member(db, user, chat);
  if (!access) return std::unexpected(access.error());
  domain::Chat changed = access->chat;
  if (patch.title) changed.title = patch.title->value();
  if (patch.context) changed.context = *patch.context;
  if (changed != access->chat) {
    ChatStream stream(transaction, access->chat, {});
    rename_chat(transaction, stream, changed, access->chat.title, user);
  }
  if (patch.pinned) {
    db.run("UPDATE chat_members SET pinned = ?3 WHERE chat_id = ?1 AND user_id = ?2", chat, user,
           *patch.pinned);
  }
  return summarise(db, user, chat).value();
}

void rename_chat(Transaction& transaction, ChatStream& stream, const domain::Chat& changed,
                 const std::string& old_title, std::optional<domain::UserId> by) {
  Connection& db = transaction.db;
  db.run("UPDATE chats SET title = ?2, context = ?3 WHERE id = ?1", changed.id, changed.title,
         changed.context);
  if (changed.title != old_title) {
    unindex_document(db, changed.id, title_document, old_title);
    index_document(db, changed.id, title_document, changed.title);
  }
  stream.append(EventType::chat_renamed, domain::chat_renamed_data(changed, by));
}

base::Result<void> remove_chat(Transaction& transaction, domain::UserId user, domain::ChatId chat) {
  const auto access = require_owner(transaction.db, user, chat);
  if (!access) return std::unexpected(access.error());
  ChatStream stream(transaction, access->chat, {});
  stream.append(EventType::chat_deleted, domain::by_user_data(user));
  transaction.db.run("UPDATE chats SET deleted_at = ?2 WHERE id = ?1", chat, transaction.now());
  tell_members(transaction, chat, EventType::chat_removed, stream.at());
  return {};
}

base::Result<void> restore_chat(Transaction& transaction, domain::UserId user,
                                domain::ChatId chat) {
  Connection& db = transaction.db;
  const auto oldest = base::Time(transaction.now() - ports::undo_open_for);
  const auto undone = db.run(
      "UPDATE chats SET deleted_at = NULL WHERE id = ?1 AND deleted_at > ?3 AND EXISTS "
      "(SELECT 1 FROM chat_members WHERE chat_id = ?1 AND user_id = ?2 AND role = 'owner')",
      chat, user, oldest);
  const auto access = require_owner(db, user, chat);
  if (!access) return std::unexpected(access.error());
  if (undone == 0) return {};
  ChatStream stream(transaction, access->chat, {});
  stream.append(EventType::chat_restored, domain::by_user_data(user), next_open_job(db, chat, {}));
  tell_members(transaction, chat, EventType::chat_added, stream.at());
  return {};
}

base::Result<void> mark_chat_read(Transaction& transaction, domain::UserId user,
                                  domain::ChatId chat, domain::Seq seq) {
  const auto access = require_member(transaction.db, user, chat);
  if (!access) return std::unexpected(access.error());
  transaction.db.run(
      "UPDATE chat_members SET last_read_seq = ?3 "
      "WHERE chat_id = ?1 AND user_id = ?2 AND last_read_seq < ?3",
      chat, user, std::min(seq, access->chat.last_seq));
  return {};
}

}  // namespace rubricon::sqlite
