/// Who may do what to a chat. Other people's chats and deleted ones look the same: not_found.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/domain/chat.hpp>
#include <rubricon/sqlite/connection.hpp>

namespace rubricon::sqlite {

struct Access {
  domain::Chat chat;
  domain::MemberRole role = domain::MemberRole::viewer;
};

/// not_found for who is not a member.
base::Result<Access> require_member(Connection& db, domain::UserId user, domain::ChatId chat);
/// Also forbidden for viewers.
base::Result<Access> require_writer(Connection& db, domain::UserId user, domain::ChatId chat);
/// Also forbidden for all but owners.
base::Result<Access> require_owner(Connection& db, domain::UserId user, domain::ChatId chat);

}  // namespace rubricon::sqlite
