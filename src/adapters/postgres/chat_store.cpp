#include <rubricon/postgres/chat_store.hpp>

#include <rubricon/postgres/access.hpp>
#include <rubricon/postgres/chat_queries.hpp>
#include <rubricon/postgres/chat_writes.hpp>
#include <rubricon/postgres/member_writes.hpp>
#include <rubricon/postgres/message_queries.hpp>
#include <rubricon/postgres/rows.hpp>

#include <utility>

namespace rubricon::postgres {
using base::Deadline;
using base::ErrorCode;
using base::Result;
using base::Task;
using domain::ChatId;
using domain::UserId;

Task<Result<domain::Chat>> ChatStore::create(ports::NewChat chat, Deadline deadline) {
  return transactor_.perform<Result<domain::Chat>>(
      deadline, [chat = std::move(chat)](Transaction* t) { return create_chat(t, chat); });
}

Task<Result<ports::ChatPage>> ChatStore::list(UserId user, ports::ChatQuery query,
                                              Deadline deadline) {
  const auto cursor = cursor_of(query);
  if (!cursor) co_return std::unexpected(cursor.error());
  const std::size_t limit = limit_of(query);
  const auto list = list_query(user, *cursor, limit, query.search);
  if (query.newest_known && !replicas_.none()) {
    auto page = co_await list_copied(user, list, limit, *query.newest_known, deadline);
    if (page) co_return std::move(*page);
  }
  const auto answer = co_await reader_.ask(list, deadline);
  co_return page_in(answer, limit);
}

/// What the user knows of is in the copy, and so is all that was committed before it. What changed
/// since for the chats on the page, rights and read marks too, is looked up by their keys.
Task<std::optional<ports::ChatPage>> ChatStore::list_copied(UserId user, Query list,
                                                            std::size_t limit,
                                                            ports::KnownEvent known,
                                                            Deadline deadline) {
  const Fresh fresh = [known](const std::vector<Answer>& answers) {
    return !answers[0].empty() && answers[0].front().number<domain::Seq>(0) >= known.seq;
  };
  auto queries =
      together(query("SELECT last_seq FROM chats WHERE id = $1", known.chat), std::move(list));
  const auto asked = co_await replicas_.ask_all(std::move(queries), fresh, deadline);
  if (!asked) co_return std::nullopt;
  const auto states = states_in_list((*asked)[1]);
  const auto now = states_in(co_await reader_.ask(states_query(user, states), deadline));
  if (now != states) co_return std::nullopt;
  co_return page_in((*asked)[1], limit);
}

Task<Result<ports::ChatView>> ChatStore::view(UserId user, ChatId chat, Deadline deadline) {
  const auto asked = co_await reader_.ask_all(
      together(summary_query(user, chat), members_query(chat), rubric_query(chat)), deadline);
  auto summary = summary_in(asked[0]);
  if (!summary) co_return base::fail(ErrorCode::not_found, "no such chat");
  ports::ChatView view{.summary = std::move(*summary),
                       .members = members_in(asked[1]),
                       .rubric = {},
                       .rubric_version = {},
                       .rubric_answered = {}};
  if (auto rubric = rubric_in(asked[2])) {
    view.rubric = std::move(rubric->document);
    view.rubric_version = rubric->version;
    view.rubric_answered = rubric->answered;
  }
  co_return view;
}

Task<Result<ports::ListState>> ChatStore::list_state(UserId user, ports::ChatQuery query,
                                                     Deadline deadline) {
  const auto cursor = cursor_of(query);
  if (!cursor) co_return std::unexpected(cursor.error());
  const std::size_t limit = limit_of(query);
  co_return list_state_in(
      co_await reader_.ask(list_state_query(user, *cursor, limit, query.search), deadline), limit);
}

Task<Result<ports::ViewState>> ChatStore::view_state(UserId user, ChatId chat, Deadline deadline) {
  auto state = view_state_in(co_await reader_.ask(view_state_query(user, chat), deadline));
  if (!state) co_return base::fail(ErrorCode::not_found, "no such chat");
  co_return std::move(*state);
}

Task<Result<ports::ChatSummary>> ChatStore::summary(UserId user, ChatId chat, Deadline deadline) {
  auto summary = summary_in(co_await reader_.ask(summary_query(user, chat), deadline));
  if (!summary) co_return base::fail(ErrorCode::not_found, "no such chat");
  co_return std::move(*summary);
}

Task<Result<ports::ChatSummary>> ChatStore::update(UserId user, ChatId chat, ports::ChatPatch patch,
                                                   Deadline deadline) {
  return transactor_.perform<Result<ports::ChatSummary>>(
      deadline, [user, chat, patch = std::move(patch)](Transaction* t) {
        return update_chat(t, user, chat, patch);
      });
}

Task<Result<void>> ChatStore::remove(UserId user, ChatId chat, Deadline deadline) {
  return transactor_.perform<Result<void>>(
      deadline, [user, chat](Transaction* t) { return remove_chat(t, user, chat); });
}

Task<Result<void>> ChatStore::restore(UserId user, ChatId chat, Deadline deadline) {
  return transactor_.perform<Result<void>>(
      deadline, [user, chat](Transaction* t) { return restore_chat(t, user, chat); });
}

Task<Result<void>> ChatStore::mark_read(UserId user, ChatId chat, domain::Seq seq,
                                        Deadline deadline) {
  return transactor_.perform<Result<void>>(
      deadline, [user, chat, seq](Transaction* t) { return mark_chat_read(t, user, chat, seq); });
}

Task<Result<std::vector<domain::Member>>> ChatStore::members(UserId user, ChatId chat,
                                                             Deadline deadline) {
  const auto asked =
      co_await reader_.ask_all(together(access_query(user, chat), members_query(chat)), deadline);
  const auto access = member_access(asked[0]);
  if (!access) co_return std::unexpected(access.error());
  co_return members_in(asked[1]);
}

Task<Result<domain::Member>> ChatStore::add_member(UserId actor, ChatId chat, domain::Email email,
                                                   domain::MemberRole role, Deadline deadline) {
  return transactor_.perform<Result<domain::Member>>(
      deadline, [actor, chat, email = std::move(email), role](Transaction* t) {
        return add_chat_member(t, actor, chat, email, role);
      });
}

Task<Result<void>> ChatStore::remove_member(UserId actor, ChatId chat, UserId member,
                                            Deadline deadline) {
  return transactor_.perform<Result<void>>(deadline, [actor, chat, member](Transaction* t) {
    return remove_chat_member(t, actor, chat, member);
  });
}

Task<Result<ports::Membership>> ChatStore::membership(UserId user, ChatId chat, Deadline deadline) {
  const auto access = member_access(co_await reader_.ask(access_query(user, chat), deadline));
  if (!access) co_return std::unexpected(access.error());
  co_return ports::Membership{access->role, {access->chat.epoch, access->chat.last_seq}};
}

Task<std::vector<ports::Head>> ChatStore::heads(std::vector<domain::StreamId> streams,
                                                Deadline deadline) {
  co_return heads_in(co_await reader_.ask(heads_query(streams), deadline));
}

}  // namespace rubricon::postgres
