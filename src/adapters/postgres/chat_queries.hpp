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

/// What may have changed of a chat on a list since the list was read.
struct ChatMark {
  domain::ChatId chat;
  domain::Seq last_seq;
  domain::MemberRole role;
  bool pinned;
  domain::Seq last_read;

  bool operator==(const ChatMark&) const = default;
};
/// Those of list_query, by id, also the one beyond the limit.
std::vector<ChatMark> marks_in_list(const Answer& answer);
/// The same chats as they are now; those that the user may not see any more are left out.
Query marks_query(domain::UserId user, const std::vector<ChatMark>& of);
std::vector<ChatMark> marks_in(const Answer& answer);

/// One chat as its row in `user`'s list. Empty for who is not a member, and for deleted chats.
Query summary_query(domain::UserId user, domain::ChatId chat);
std::optional<ports::ChatSummary> summary_in(const Answer& answer);

/// See ports::ChatReader::heads.
Query heads_query(const std::vector<domain::StreamId>& streams);
std::vector<ports::Head> heads_in(const Answer& answer);

}  // namespace rubricon::postgres
