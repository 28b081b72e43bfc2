/// Reads of chats: lists, single chats, heads.
#pragma once

#include <rubricon/ports/chat_store.hpp>
#include <rubricon/sqlite/connection.hpp>

#include <optional>
#include <vector>

namespace rubricon::sqlite {

/// The functions below answer as their namesakes in ports::ChatStore do.
base::Result<ports::ChatPage> list_chats(Connection& db, domain::UserId user,
                                         const ports::ChatQuery& query);
base::Result<ports::ChatView> view_chat(Connection& db, domain::UserId user, domain::ChatId chat);
base::Result<ports::ListState> state_of_list(Connection& db, domain::UserId user,
                                             const ports::ChatQuery& query);
base::Result<ports::ViewState> state_of_view(Connection& db, domain::UserId user,
                                             domain::ChatId chat);
std::vector<ports::Head> find_heads(Connection& db, const std::vector<domain::StreamId>& streams);

/// One chat as its row in `user`'s list. Empty for who is not a member, and for deleted chats.
std::optional<ports::ChatSummary> summarise(Connection& db, domain::UserId user,
                                            domain::ChatId chat);

}  // namespace rubricon::sqlite
