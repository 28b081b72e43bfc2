/// Who may do what to a chat. Other people's chats and deleted ones look the same: not_found.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/domain/chat.hpp>
#include <rubricon/postgres/transaction.hpp>

namespace rubricon::postgres {

struct Access {
  domain::Chat chat;
  domain::MemberRole role = domain::MemberRole::viewer;
};

/// For readers.
Query access_query(domain::UserId user, domain::ChatId chat);
/// not_found for who is not a member.
base::Result<Access> member_access(const Answer& answer);
/// Also forbidden for viewers.
base::Result<Access> writer_access(const Answer& answer);
/// Also forbidden for all but owners.
base::Result<Access> owner_access(const Answer& answer);

/// Waits for the chat, and holds it until the transaction ends: from then on its row, its stream,
/// its members, jobs and rubrics are changed by nobody else.
void lock_chat(Transaction* transaction, domain::ChatId chat);

/// Lock the chat, then as above.
base::Task<base::Result<Access>> require_member(Transaction* transaction, domain::UserId user,
                                                domain::ChatId chat);
base::Task<base::Result<Access>> require_writer(Transaction* transaction, domain::UserId user,
                                                domain::ChatId chat);
base::Task<base::Result<Access>> require_owner(Transaction* transaction, domain::UserId user,
                                               domain::ChatId chat);

}  // namespace rubricon::postgres
