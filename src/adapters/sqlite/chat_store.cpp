#include <rubricon/sqlite/chat_store.hpp>

#include <rubricon/sqlite/access.hpp>
#include <rubricon/sqlite/chat_queries.hpp>
#include <rubricon/sqlite/chat_writes.hpp>
#include <rubricon/sqlite/member_writes.hpp>
#include <rubricon/sqlite/rows.hpp>

#include <utility>

namespace rubricon::sqlite {
using base::Deadline;
using base::Result;
using base::Task;
using domain::ChatId;
using domain::UserId;

Task<Result<domain::Chat>> ChatStore::create(ports::NewChat chat, Deadline deadline) {
  return perform<Result<domain::Chat>, Transaction>(
      &writer_, deadline, [chat = std::move(chat)](Transaction& transaction) {
        return create_chat(transaction, chat);
      });
}

Task<Result<ports::ChatPage>> ChatStore::list(UserId user, ports::ChatQuery query,
                                              Deadline deadline) {
  return perform<Result<ports::ChatPage>, Connection>(
      &readers_, deadline,
      [user, query = std::move(query)](Connection& db) { return list_chats(db, user, query); });
}

Task<Result<ports::ChatView>> ChatStore::view(UserId user, ChatId chat, Deadline deadline) {
  return perform<Result<ports::ChatView>, Connection>(
      &readers_, deadline, [user, chat](Connection& db) { return view_chat(db, user, chat); });
}

Task<Result<ports::ListState>> ChatStore::list_state(UserId user, ports::ChatQuery query,
                                                     Deadline deadline) {
  return perform<Result<ports::ListState>, Connection>(
      &readers_, deadline,
      [user, query = std::move(query)](Connection& db) { return state_of_list(db, user, query); });
}

Task<Result<ports::ViewState>> ChatStore::view_state(UserId user, ChatId chat, Deadline deadline) {
  return perform<Result<ports::ViewState>, Connection>(
      &readers_, deadline, [user, chat](Connection& db) { return state_of_view(db, user, chat); });
}

Task<Result<ports::ChatSummary>> ChatStore::summary(UserId user, ChatId chat, Deadline deadline) {
  return perform<Result<ports::ChatSummary>, Connection>(
      &readers_, deadline, [user, chat](Connection& db) -> Result<ports::ChatSummary> {
        auto line = summarise(db, user, chat);
        if (!line) return base::fail(base::ErrorCode::not_found, "no such chat");
        return std::move(*line);
      });
}

Task<Result<ports::ChatSummary>> ChatStore::update(UserId user, ChatId chat, ports::ChatPatch patch,
                                                   Deadline deadline) {
  return perform<Result<ports::ChatSummary>, Transaction>(
      &writer_, deadline, [user, chat, patch = std::move(patch)](Transaction& transaction) {
        return update_chat(transaction, user, chat, patch);
      });
}

Task<Result<void>> ChatStore::remove(UserId user, ChatId chat, Deadline deadline) {
  return perform<Result<void>, Transaction>(
      &writer_, deadline,
      [user, chat](Transaction& transaction) { return remove_chat(transaction, user, chat); });
}

Task<Result<void>> ChatStore::restore(UserId user, ChatId chat, Deadline deadline) {
  return perform<Result<void>, Transaction>(
      &writer_, deadline,
      [user, chat](Transaction& transaction) { return restore_chat(transaction, user, chat); });
}

Task<Result<void>> ChatStore::mark_read(UserId user, ChatId chat, domain::Seq seq,
                                        Deadline deadline) {
  return perform<Result<void>, Transaction>(&writer_, deadline,
                                            [user, chat, seq](Transaction& transaction) {
                                              return mark_chat_read(transaction, user, chat, seq);
                                            });
}

Task<Result<std::vector<domain::Member>>> ChatStore::members(UserId user, ChatId chat,
                                                             Deadline deadline) {
  return perform<Result<std::vector<domain::Member>>, Connection>(
      &readers_, deadline, [user, chat](Connection& db) -> Result<std::vector<domain::Member>> {
        const Snapshot snapshot(db);
        const auto access = require_member(db, user, chat);
        if (!access) return std::unexpected(access.error());
        return members_of(db, chat);
      });
}

Task<Result<domain::Member>> ChatStore::add_member(UserId actor, ChatId chat, domain::Email email,
                                                   domain::MemberRole role, Deadline deadline) {
  return perform<Result<domain::Member>, Transaction>(
      &writer_, deadline, [actor, chat, email = std::move(email), role](Transaction& transaction) {
        return add_chat_member(transaction, actor, chat, email, role);
      });
}

Task<Result<void>> ChatStore::remove_member(UserId actor, ChatId chat, UserId member,
                                            Deadline deadline) {
  return perform<Result<void>, Transaction>(
      &writer_, deadline, [actor, chat, member](Transaction& transaction) {
        return remove_chat_member(transaction, actor, chat, member);
      });
}

Task<Result<ports::Membership>> ChatStore::membership(UserId user, ChatId chat, Deadline deadline) {
  return perform<Result<ports::Membership>, Connection>(
      &readers_, deadline, [user, chat](Connection& db) -> Result<ports::Membership> {
        const auto access = require_member(db, user, chat);
        if (!access) return std::unexpected(access.error());
        return ports::Membership{access->role, {access->chat.epoch, access->chat.last_seq}};
      });
}

Task<std::vector<ports::Head>> ChatStore::heads(std::vector<domain::StreamId> streams,
                                                Deadline deadline) {
  return perform<std::vector<ports::Head>, Connection>(
      &readers_, deadline,
      [streams = std::move(streams)](Connection& db) { return find_heads(db, streams); });
}

}  // namespace rubricon::sqlite
