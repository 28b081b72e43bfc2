/// Changes to chats. Each function answers as its namesake in ports::ChatStore does.
#pragma once

#include <rubricon/ports/chat_store.hpp>
#include <rubricon/sqlite/event_log.hpp>
#include <rubricon/sqlite/transaction.hpp>

namespace rubricon::sqlite {

/// Stores a new chat and its owner's membership; no event.
void store_chat(Connection& db, const domain::Chat& chat);

base::Result<domain::Chat> create_chat(Transaction& transaction, const ports::NewChat& request);
base::Result<ports::ChatSummary> update_chat(Transaction& transaction, domain::UserId user,
                                             domain::ChatId chat, const ports::ChatPatch& patch);
base::Result<void> remove_chat(Transaction& transaction, domain::UserId user, domain::ChatId chat);
base::Result<void> restore_chat(Transaction& transaction, domain::UserId user, domain::ChatId chat);
base::Result<void> mark_chat_read(Transaction& transaction, domain::UserId user,
                                  domain::ChatId chat, domain::Seq seq);

/// Stores title and context of `changed`, moves the title in the search index and appends
/// chat-renamed. `old_title` is what the index has now.
void rename_chat(Transaction& transaction, ChatStream& stream, const domain::Chat& changed,
                 const std::string& old_title, std::optional<domain::UserId> by);

}  // namespace rubricon::sqlite
