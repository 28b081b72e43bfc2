#include <rubricon/ports/chat_store.hpp>

#include <algorithm>

namespace rubricon::ports {

using domain::ListCursor;

base::Result<ListCursor> cursor_of(const ChatQuery& query) {
  if (query.cursor.empty()) return ListCursor::start();
  const auto decoded = domain::parse_list_cursor(query.cursor);
  if (decoded) return *decoded;
  return base::fail(base::ErrorCode::invalid, "this cursor is not one of ours", "bad_cursor");
}

std::size_t limit_of(const ChatQuery& query) {
  return std::clamp<std::size_t>(query.limit, 1, chat_page_max);
}

std::string cursor_after(const ChatSummary& last) {
  const auto section = last.pinned ? ListCursor::Section::pinned : ListCursor::Section::others;
  return domain::to_string(ListCursor{section, last.chat.updated_at, last.chat.id});
}

ChatState state_of(const ChatSummary& summary) {
  const auto& chat = summary.chat;
  return {.chat = chat.id,
          .head = {chat.epoch, chat.last_seq},
          .updated_at = chat.updated_at,
          .role = summary.role,
          .pinned = summary.pinned,
          .last_read = summary.last_read};
}

ListState state_of(const ChatPage& page) {
  ListState state{.chats = {}, .more = !page.next_cursor.empty()};
  state.chats.reserve(page.chats.size());
  for (const auto& summary : page.chats) state.chats.push_back(state_of(summary));
  return state;
}

ViewState state_of(const ChatView& view) {
  return {.chat = state_of(view.summary), .members = view.members};
}

}  // namespace rubricon::ports
