#include <rubricon/postgres/chat_writes.hpp>

#include <rubricon/domain/event_data.hpp>
#include <rubricon/postgres/access.hpp>
#include <rubricon/postgres/chat_queries.hpp>
#include <rubricon/postgres/idempotency.hpp>
#include <rubricon/postgres/rows.hpp>
#include <rubricon/postgres/search_index.hpp>

#include <utility>

namespace rubricon::postgres {
namespace {

using base::ErrorCode;
using domain::EventType;

void index_title(Transaction* transaction, const domain::Chat& chat) {
  transaction->run(
      "INSERT INTO chat_titles (chat_id, terms) VALUES ($1, $2::tsvector) "
      "ON CONFLICT (chat_id) DO UPDATE SET terms = excluded.terms",
      chat.id, to_tsvector(chat.title));
}

domain::Chat insert_chat(Transaction* transaction, const ports::NewChat& request) {
  const auto at = transaction->now();
  domain::Chat chat{.id = transaction->make_id<domain::ChatId>(at),
                    .owner = request.owner,
                    .title = request.title.value(),
                    .context = request.context,
                    .epoch = domain::Epoch(1),
                    .last_seq = {},
                    .created_at = at,
                    .updated_at = at};
  store_chat(transaction, chat);
  ChatStream stream(transaction, chat, request.trace);
  chat.last_seq = stream.append(EventType::chat_created, domain::chat_created_data(chat)).seq;
  append_user_event(transaction, chat.owner, EventType::chat_added, at,
                    domain::chat_added_data(chat.id, domain::MemberRole::owner));
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
base::Task<void> tell_members(Transaction* transaction, domain::ChatId chat, EventType type,
                              base::Time at) {
  const auto answer = co_await transaction->ask(members_query(chat));
  for (const auto& member : members_in(answer)) {
    append_user_event(transaction, member.user, type, at,
                      type == EventType::chat_added ? domain::chat_added_data(chat, member.role)
                                                    : domain::chat_removed_data(chat));
  }
}

}  // namespace

void store_chat(Transaction* transaction, const domain::Chat& chat) {
  transaction->run(
      "INSERT INTO chats (id, user_id, title, context, epoch, created_at, updated_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      chat.id, chat.owner, chat.title, chat.context, chat.epoch, chat.created_at, chat.updated_at);
  transaction->run(
      "INSERT INTO chat_members (chat_id, user_id, shared, role) VALUES ($1, $2, false, 'owner')",
      chat.id, chat.owner);
  index_title(transaction, chat);
}

base::Task<base::Result<domain::Chat>> create_chat(Transaction* transaction,
                                                   ports::NewChat request) {
  const auto owner = co_await transaction->ask(user_query(request.owner));
  if (owner.empty()) co_return base::fail(ErrorCode::not_found, "no such user");
  if (!request.key) co_return insert_chat(transaction, request);
  const RequestName name{request.owner, "create-chat", request.key->value()};
  const auto hash = hash_request({request.title.value(), request.context});
  const auto response = co_await find_response(transaction, name, hash);
  if (!response) co_return std::unexpected(response.error());
  if (*response) co_return repeated_chat(request, **response);
  auto chat = insert_chat(transaction, request);
  store_response(transaction, name, hash, chat.id.to_string());
  co_return chat;
}

base::Task<base::Result<ports::ChatSummary>> update_chat(Transaction* transaction,
                                                         domain::UserId user, domain::ChatId chat,
                                                         ports::ChatPatch patch) {
  lock_chat(transaction, chat);
  const auto asked = co_await transaction->ask(access_query(user, chat));
  const bool shared = patch.title || patch.context;
  const auto access = shared ? writer_access(asked) : member_access(asked);
  if (!access) co_return std::unexpected(access.error());
  domain::Chat changed = access->chat;
  if (patch.title) changed.title = patch.title->value();
  if (patch.context) changed.context = *patch.context;
  if (changed != access->chat) {
    ChatStream stream(transaction, access->chat, {});
    rename_chat(transaction, stream, changed, user);
  }
  if (patch.pinned) {
    transaction->run("UPDATE chat_members SET pinned = $3 WHERE chat_id = $1 AND user_id = $2",
                     chat, user, *patch.pinned);
  }
  co_return summary_in(co_await transaction->ask(summary_query(user, chat))).value();
}

void rename_chat(Transaction* transaction, ChatStream& stream, const domain::Chat& changed,
                 std::optional<domain::UserId> by) {
  transaction->run("UPDATE chats SET title = $2, context = $3 WHERE id = $1", changed.id,
                   changed.title, changed.context);
  index_title(transaction, changed);
  stream.append(EventType::chat_renamed, domain::chat_renamed_data(changed, by));
}

base::Task<base::Result<void>> remove_chat(Transaction* transaction, domain::UserId user,
                                           domain::ChatId chat) {
  const auto access = co_await require_owner(transaction, user, chat);
  if (!access) co_return std::unexpected(access.error());
  ChatStream stream(transaction, access->chat, {});
  stream.append(EventType::chat_deleted, domain::by_user_data(user));
  transaction->run("UPDATE chats SET deleted_at = $2 WHERE id = $1", chat, transaction->now());
  co_await tell_members(transaction, chat, EventType::chat_removed, stream.at());
  co_return base::Result<void>();
}

base::Task<base::Result<void>> restore_chat(Transaction* transaction, domain::UserId user,
                                            domain::ChatId chat) {
  lock_chat(transaction, chat);
  const auto oldest = base::Time(transaction->now() - ports::undo_open_for);
  const auto undone = co_await transaction->query(
      "UPDATE chats SET deleted_at = NULL WHERE id = $1 AND deleted_at > $3 AND EXISTS "
      "(SELECT 1 FROM chat_members WHERE chat_id = $1 AND user_id = $2 AND role = 'owner')",
      chat, user, oldest);
  const auto access = owner_access(co_await transaction->ask(access_query(user, chat)));
  if (!access) co_return std::unexpected(access.error());
  if (undone.changed() == 0) co_return base::Result<void>();
  const auto next = job_in(co_await transaction->ask(next_open_job_query(chat, {})));
  ChatStream stream(transaction, access->chat, {});
  stream.append(EventType::chat_restored, domain::by_user_data(user), next);
  co_await tell_members(transaction, chat, EventType::chat_added, stream.at());
  co_return base::Result<void>();
}

base::Task<base::Result<void>> mark_chat_read(Transaction* transaction, domain::UserId user,
                                              domain::ChatId chat, domain::Seq seq) {
  // Without the chat's lock: a mark moves forward only, whoever else moves it.
  transaction->run(
      "UPDATE chat_members m SET last_read_seq = least($3, c.last_seq) FROM chats c "
      "WHERE c.id = $1 AND c.deleted_at IS NULL AND m.chat_id = $1 AND m.user_id = $2 "
      "AND m.last_read_seq < least($3, c.last_seq)",
      chat, user, seq);
  const auto access = member_access(co_await transaction->ask_and_commit(access_query(user, chat)));
  if (!access) co_return std::unexpected(access.error());
  co_return base::Result<void>();
}

}  // namespace rubricon::postgres
