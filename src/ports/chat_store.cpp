#include <rubricon/ports/chat_store.hpp>

namespace rubricon::ports {

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
