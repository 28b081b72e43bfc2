/// Letting people into chats and out of them. Each function answers as its namesake in
/// ports::ChatStore does.
#pragma once

#include <rubricon/ports/chat_store.hpp>
#include <rubricon/postgres/transaction.hpp>

namespace rubricon::postgres {

base::Task<base::Result<domain::Member>> add_chat_member(Transaction* transaction,
                                                         domain::UserId actor, domain::ChatId chat,
                                                         domain::Email email,
                                                         domain::MemberRole role);
base::Task<base::Result<void>> remove_chat_member(Transaction* transaction, domain::UserId actor,
                                                  domain::ChatId chat, domain::UserId member);

}  // namespace rubricon::postgres
