/// Reads of chats. Each function answers as its namesake in ports::ChatStore does.
#pragma once

#include <rubricon/memory/transaction.hpp>

#include <vector>

namespace rubricon::memory {

base::Result<ports::ChatPage> list_chats(const View& rows, domain::UserId user,
                                         const ports::ChatQuery& query);
base::Result<ports::ChatView> view_chat(const View& rows, domain::UserId user, domain::ChatId chat);
base::Result<ports::ChatSummary> summarise(const View& rows, domain::UserId user,
                                           domain::ChatId chat);
/// In the order of `streams`, each once.
std::vector<ports::Head> find_heads(const View& rows, const std::vector<domain::StreamId>& streams);
/// Epoch 0 where there is no such stream.
domain::Position head_of(const View& rows, const domain::StreamId& stream);

}  // namespace rubricon::memory
