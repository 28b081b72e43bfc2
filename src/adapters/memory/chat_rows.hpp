/// What is asked of the rows of one chat, by reads and by writes alike.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/memory/transaction.hpp>

#include <limits>
#include <optional>
#include <vector>

namespace rubricon::memory {

struct Access {
  domain::Chat chat;
  domain::MemberRole role = domain::MemberRole::viewer;
};

/// Who may do what. not_found for who is not a member, and for deleted chats.
base::Result<Access> require_member(const View& rows, domain::UserId user, domain::ChatId chat);
/// Also forbidden for viewers.
base::Result<Access> require_writer(const View& rows, domain::UserId user, domain::ChatId chat);
/// Also forbidden for all but owners.
base::Result<Access> require_owner(const View& rows, domain::UserId user, domain::ChatId chat);

/// Null where the chat is unknown or deleted.
const ChatRow* living_chat(const View& rows, domain::ChatId chat);

/// By user.
std::vector<const MemberRow*> members_in(const View& rows, domain::ChatId chat);
std::vector<domain::Member> members_of(const View& rows, domain::ChatId chat);

/// Those after `after` and before `before`, by seq.
std::vector<const domain::Message*> messages_in(
    const View& rows, domain::ChatId chat, domain::Seq after = domain::Seq(0),
    domain::Seq before = domain::Seq(std::numeric_limits<std::int64_t>::max()));
/// The page of ports::MessageStore::page, without asking who reads.
std::vector<domain::Message> message_page(const View& rows, domain::ChatId chat,
                                          const ports::MessageQuery& query);

/// By prompt.
std::vector<const JobRow*> jobs_in(const View& rows, domain::ChatId chat);
/// The earliest open job other than `except`.
std::optional<domain::JobId> next_open_job(const View& rows, domain::ChatId chat,
                                           std::optional<domain::JobId> except = {});

/// The newest version; null where there is none.
const domain::RubricRecord* current_rubric(const View& rows, domain::ChatId chat);

}  // namespace rubricon::memory
