/// Reads of chats: lists, single chats, heads. Each query with what its answer says.
#pragma once

#include <rubricon/domain/list_cursor.hpp>
#include <rubricon/ports/chat_store.hpp>
#include <rubricon/postgres/answer.hpp>
#include <rubricon/postgres/query.hpp>

#include <optional>
#include <string>
#include <vector>

namespace rubricon::postgres {

/// The rows of a user's list after `cursor`: one more than `limit`, where there are as many, which
/// tells that there is a next page.
Query list_query(domain::UserId user, const domain::ListCursor& cursor, std::size_t limit,
                 const std::string& search);
ports::ChatPage page_in(const Answer& answer, std::size_t limit);

/// See ports::ChatStore::list_state.
Query list_state_query(domain::UserId user, const domain::ListCursor& cursor, std::size_t limit,
                       const std::string& search);
ports::ListState list_state_in(const Answer& answer, std::size_t limit);

/// Of the rows of list_query, by id, also of the one beyond the limit.
std::vector<ports::ChatState> states_in_list(const Answer& answer);
/// The same chats as they are now, by id; those that the user may not see any more are left out.
Query states_query(domain::UserId user, const std::vector<ports::ChatState>& of);
std::vector<ports::ChatState> states_in(const Answer& answer);

/// See ports::ChatStore::view_state. Empty for who is not a member, and for deleted chats.
Query view_state_query(domain::UserId user, domain::ChatId chat);
std::optional<ports::ViewState> view_state_in(const Answer& answer);

/// One chat as its row in `user`'s list. Empty for who is not a member, and for deleted chats.
Query summary_query(domain::UserId user, domain::ChatId chat);
std::optional<ports::ChatSummary> summary_in(const Answer& answer);

/// See ports::ChatReader::heads.
Query heads_query(const std::vector<domain::StreamId>& streams);
std::vector<ports::Head> heads_in(const Answer& answer);

}  // namespace rubricon::postgres
