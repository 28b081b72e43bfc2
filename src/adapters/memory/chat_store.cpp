#include <rubricon/memory/chat_store.hpp>

#include <rubricon/memory/chat_queries.hpp>
#include <rubricon/memory/chat_rows.hpp>
#include <rubricon/memory/chat_writes.hpp>

#include <utility>

namespace rubricon::memory {
namespace {

using base::Deadline;
using base::Result;
using base::Task;
using domain::ChatId;
using domain::UserId;

/// Holds the chat, and with it who its members are, then the users of all.
Task<void> hold_chat_and_users(Transaction* transaction, ChatId chat) {
  co_await transaction->lock(chat);
  std::vector<UserId> users;
  for (const auto* const member : members_in(transaction->rows, chat)) {
    users.push_back(member->user);
  }
  for (const auto user : users) co_await transaction->lock(user);
}

}  // namespace

Task<Result<domain::Chat>> ChatStore::create(ports::NewChat chat, Deadline deadline) {
  std::vector<RowKey> keys;
  if (const auto key = response_key(chat)) keys.emplace_back(*key);
  keys.emplace_back(chat.owner);
  return write<Result<domain::Chat>>(link_, "chats.create", deadline, std::move(keys),
                                     [chat = std::move(chat)](Transaction& transaction) {
                                       return create_chat(transaction, chat);
                                     });
}

Task<Result<ports::ChatPage>> ChatStore::list(UserId user, ports::ChatQuery query,
                                              Deadline deadline) {
  return read<Result<ports::ChatPage>>(
      link_, "chats.list", deadline,
      [user, query = std::move(query)](const View& rows) { return list_chats(rows, user, query); });
}

Task<Result<ports::ChatView>> ChatStore::view(UserId user, ChatId chat, Deadline deadline) {
  return read<Result<ports::ChatView>>(
      link_, "chats.view", deadline,
      [user, chat](const View& rows) { return view_chat(rows, user, chat); });
}

Task<Result<ports::ListState>> ChatStore::list_state(UserId user, ports::ChatQuery query,
                                                     Deadline deadline) {
  return read<Result<ports::ListState>>(
      link_, "chats.list_state", deadline,
      [user, query = std::move(query)](const View& rows) -> Result<ports::ListState> {
        const auto page = list_chats(rows, user, query);
        if (!page) return std::unexpected(page.error());
        return state_of(*page);
      });
}

Task<Result<ports::ViewState>> ChatStore::view_state(UserId user, ChatId chat, Deadline deadline) {
  return read<Result<ports::ViewState>>(link_, "chats.view_state", deadline,
                                        [user, chat](const View& rows) -> Result<ports::ViewState> {
                                          const auto view = view_chat(rows, user, chat);
                                          if (!view) return std::unexpected(view.error());
                                          return state_of(*view);
                                        });
}

Task<Result<ports::ChatSummary>> ChatStore::summary(UserId user, ChatId chat, Deadline deadline) {
  return read<Result<ports::ChatSummary>>(
      link_, "chats.summary", deadline,
      [user, chat](const View& rows) { return summarise(rows, user, chat); });
}

Task<Result<ports::ChatSummary>> ChatStore::update(UserId user, ChatId chat, ports::ChatPatch patch,
                                                   Deadline deadline) {
  std::vector<RowKey> keys;
  if (patch.title || patch.context) keys.emplace_back(chat);
  if (patch.pinned) keys.emplace_back(MemberKey(chat, user));
  return write<Result<ports::ChatSummary>>(
      link_, "chats.update", deadline, std::move(keys),
      [user, chat, patch = std::move(patch)](Transaction& transaction) {
        return update_chat(transaction, user, chat, patch);
      });
}

Task<Result<void>> ChatStore::remove(UserId user, ChatId chat, Deadline deadline) {
  Transaction transaction(link_, "chats.remove", deadline);
  co_await transaction.begin();
  co_await hold_chat_and_users(&transaction, chat);
  auto result = remove_chat(transaction, user, chat);
  co_await transaction.commit();
  co_return result;
}

Task<Result<void>> ChatStore::restore(UserId user, ChatId chat, Deadline deadline) {
  Transaction transaction(link_, "chats.restore", deadline);
  co_await transaction.begin();
  co_await hold_chat_and_users(&transaction, chat);
  auto result = restore_chat(transaction, user, chat);
  co_await transaction.commit();
  co_return result;
}

Task<Result<void>> ChatStore::mark_read(UserId user, ChatId chat, domain::Seq seq,
                                        Deadline deadline) {
  return write<Result<void>>(link_, "chats.mark_read", deadline, {MemberKey(chat, user)},
                             [user, chat, seq](Transaction& transaction) {
                               return mark_chat_read(transaction, user, chat, seq);
                             });
}

Task<Result<std::vector<domain::Member>>> ChatStore::members(UserId user, ChatId chat,
                                                             Deadline deadline) {
  return read<Result<std::vector<domain::Member>>>(
      link_, "chats.members", deadline,
      [user, chat](const View& rows) -> Result<std::vector<domain::Member>> {
        const auto access = require_member(rows, user, chat);
        if (!access) return std::unexpected(access.error());
        return members_of(rows, chat);
      });
}

Task<Result<domain::Member>> ChatStore::add_member(UserId actor, ChatId chat, domain::Email email,
                                                   domain::MemberRole role, Deadline deadline) {
  Transaction transaction(link_, "chats.add_member", deadline);
  co_await transaction.begin();
  co_await transaction.lock(chat);
  const auto invited = find_invited(transaction.rows, actor, chat, email);
  if (!invited) {
    co_await transaction.reply();
    co_return std::unexpected(invited.error());
  }
  co_await transaction.lock(MemberKey(chat, *invited));
  co_await transaction.lock(*invited);
  auto result = add_chat_member(transaction, chat, *invited, role);
  co_await transaction.commit();
  co_return result;
}

Task<Result<void>> ChatStore::remove_member(UserId actor, ChatId chat, UserId member,
                                            Deadline deadline) {
  return write<Result<void>>(link_, "chats.remove_member", deadline,
                             {chat, MemberKey(chat, member), member},
                             [actor, chat, member](Transaction& transaction) {
                               return remove_chat_member(transaction, actor, chat, member);
                             });
}

Task<Result<ports::Membership>> ChatStore::membership(UserId user, ChatId chat, Deadline deadline) {
  return read<Result<ports::Membership>>(
      link_, "chats.membership", deadline,
      [user, chat](const View& rows) -> Result<ports::Membership> {
        const auto access = require_member(rows, user, chat);
        if (!access) return std::unexpected(access.error());
        return ports::Membership{access->role, {access->chat.epoch, access->chat.last_seq}};
      });
}

Task<std::vector<ports::Head>> ChatStore::heads(std::vector<domain::StreamId> streams,
                                                Deadline deadline) {
  return read<std::vector<ports::Head>>(
      link_, "chats.heads", deadline,
      [streams = std::move(streams)](const View& rows) { return find_heads(rows, streams); });
}

}  // namespace rubricon::memory
