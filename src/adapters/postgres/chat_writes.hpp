/// Changes to chats. Each function answers as its namesake in ports::ChatStore does.
#pragma once

#include <rubricon/ports/chat_store.hpp>
#include <rubricon/postgres/event_log.hpp>
#include <rubricon/postgres/transaction.hpp>

namespace rubricon::postgres {

/// Stores a new chat, its owner's membership and its title in the search index; no event. Kept back
/// until the transaction's next call.
void store_chat(Transaction* transaction, const domain::Chat& chat);

base::Task<base::Result<domain::Chat>> create_chat(Transaction* transaction,
                                                   ports::NewChat request);
base::Task<base::Result<ports::ChatSummary>> update_chat(Transaction* transaction,
                                                         domain::UserId user, domain::ChatId chat,
                                                         ports::ChatPatch patch);
base::Task<base::Result<void>> remove_chat(Transaction* transaction, domain::UserId user,
                                           domain::ChatId chat);
base::Task<base::Result<void>> restore_chat(Transaction* transaction, domain::UserId user,
                                            domain::ChatId chat);
base::Task<base::Result<void>> mark_chat_read(Transaction* transaction, domain::UserId user,
                                              domain::ChatId chat, domain::Seq seq);

/// Stores title and context of `changed`, moves the title in the search index and appends
/// chat-renamed. Kept back until the transaction's next call.
void rename_chat(Transaction* transaction, ChatStream& stream, const domain::Chat& changed,
                 std::optional<domain::UserId> by);

}  // namespace rubricon::postgres
