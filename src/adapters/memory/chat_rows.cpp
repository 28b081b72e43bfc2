#include <rubricon/memory/chat_rows.hpp>

#include <algorithm>
#include <array>

namespace rubricon::memory {
namespace {

using base::ErrorCode;

/// Before and after every id that is in use.
template <typename Id>
Id least() {
  return Id();
}
template <typename Id>
Id greatest() {
  std::array<std::uint8_t, 16> bytes{};
  bytes.fill(0xff);
  return Id(base::Uuid(bytes));
}

}  // namespace

base::Result<Access> require_member(const View& rows, domain::UserId user, domain::ChatId chat) {
  const auto* const row = living_chat(rows, chat);
  const auto* const member = row ? rows.members.find({chat, user}) : nullptr;
  if (!member) return base::fail(ErrorCode::not_found, "no such chat");
  return Access{row->chat, member->role};
}

base::Result<Access> require_writer(const View& rows, domain::UserId user, domain::ChatId chat) {
  auto access = require_member(rows, user, chat);
  if (access && !domain::may_write(access->role)) {
    return base::fail(ErrorCode::forbidden, "viewers cannot change a chat");
  }
  return access;
}

base::Result<Access> require_owner(const View& rows, domain::UserId user, domain::ChatId chat) {
  auto access = require_member(rows, user, chat);
  if (access && !domain::may_manage(access->role)) {
    return base::fail(ErrorCode::forbidden, "only an owner of the chat may do this");
  }
  return access;
}

const ChatRow* living_chat(const View& rows, domain::ChatId chat) {
  const auto* const row = rows.chats.find(chat);
  return row && !row->deleted_at ? row : nullptr;
}

std::vector<const MemberRow*> members_in(const View& rows, domain::ChatId chat) {
  return rows.members.range({chat, least<domain::UserId>()}, {chat, greatest<domain::UserId>()});
}

std::vector<domain::Member> members_of(const View& rows, domain::ChatId chat) {
  std::vector<domain::Member> members;
  for (const auto* const row : members_in(rows, chat)) {
    const auto& user = rows.users.find(row->user)->user;
    members.push_back({user.id, user.email, user.name, row->role});
  }
  return members;
}

std::vector<const domain::Message*> messages_in(const View& rows, domain::ChatId chat,
                                                domain::Seq after, domain::Seq before) {
  if (before <= after) return {};
  return rows.messages.range({chat, after.next()}, {chat, domain::Seq(before.value() - 1)});
}

std::vector<domain::Message> message_page(const View& rows, domain::ChatId chat,
                                          const ports::MessageQuery& query) {
  const domain::Seq last(std::numeric_limits<std::int64_t>::max());
  const auto found =
      messages_in(rows, chat, query.after.value_or(domain::Seq(0)), query.before.value_or(last));
  const auto limit = std::clamp<std::size_t>(query.limit, 1, ports::message_page_max);
  const auto count = std::min(limit, found.size());
  const auto first = query.after ? 0 : found.size() - count;
  std::vector<domain::Message> page;
  for (std::size_t i = 0; i < count; ++i) page.push_back(*found[first + i]);
  return page;
}

std::vector<const JobRow*> jobs_in(const View& rows, domain::ChatId chat) {
  return rows.jobs.range({chat, domain::Seq(0), 0},
                         {chat, domain::Seq(std::numeric_limits<std::int64_t>::max()), 0});
}

std::optional<domain::JobId> next_open_job(const View& rows, domain::ChatId chat,
                                           std::optional<domain::JobId> except) {
  for (const auto* const row : jobs_in(rows, chat)) {
    if (row->open() && row->job.id != except) return row->job.id;
  }
  return std::nullopt;
}

const domain::RubricRecord* current_rubric(const View& rows, domain::ChatId chat) {
  const auto versions =
      rows.rubrics.range({chat, domain::RubricVersion(0)},
                         {chat, domain::RubricVersion(std::numeric_limits<std::int64_t>::max())});
  return versions.empty() ? nullptr : versions.back();
}

}  // namespace rubricon::memory
