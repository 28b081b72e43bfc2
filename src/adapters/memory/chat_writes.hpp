/// Changes to chats and their members, inside a transaction that holds the rows. Each function
/// answers as its namesake in ports::ChatStore does.
#pragma once

#include <rubricon/memory/event_log.hpp>
#include <rubricon/memory/transaction.hpp>

namespace rubricon::memory {

/// Holds the request's key, if it has one, and the owner.
base::Result<domain::Chat> create_chat(Transaction& transaction, const ports::NewChat& request);
/// Holds the chat, and for a pin the membership.
base::Result<ports::ChatSummary> update_chat(Transaction& transaction, domain::UserId user,
                                             domain::ChatId chat, const ports::ChatPatch& patch);
/// These two hold the chat and its members' users.
base::Result<void> remove_chat(Transaction& transaction, domain::UserId user, domain::ChatId chat);
base::Result<void> restore_chat(Transaction& transaction, domain::UserId user, domain::ChatId chat);
/// Holds the membership.
base::Result<void> mark_chat_read(Transaction& transaction, domain::UserId user,
                                  domain::ChatId chat, domain::Seq seq);
/// Whom `actor` may add to the chat by that address.
base::Result<domain::UserId> find_invited(const View& rows, domain::UserId actor,
                                          domain::ChatId chat, const domain::Email& email);
/// These two hold the chat, the membership and the member's user.
base::Result<domain::Member> add_chat_member(Transaction& transaction, domain::ChatId chat,
                                             domain::UserId member, domain::MemberRole role);
base::Result<void> remove_chat_member(Transaction& transaction, domain::UserId actor,
                                      domain::ChatId chat, domain::UserId member);

/// Stores title and context of `changed` and appends chat-renamed.
void rename_chat(Transaction& transaction, ChatStream& stream, const domain::Chat& changed,
                 std::optional<domain::UserId> by);

/// The key of the response to `request`.
std::optional<ResponseKey> response_key(const ports::NewChat& request);

}  // namespace rubricon::memory
