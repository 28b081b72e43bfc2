#include <rubricon/memory/chat_queries.hpp>

#include <rubricon/domain/list_cursor.hpp>
#include <rubricon/domain/search_terms.hpp>
#include <rubricon/memory/chat_rows.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace rubricon::memory {
namespace {

using domain::ListCursor;
using Terms = std::vector<std::string>;

/// Whether the terms of `word` follow each other somewhere in `terms`, the last one as a prefix.
bool contains(const Terms& terms, const domain::QueryWord& word) {
  const auto same = [&word](const std::string& term, const std::string& wanted) {
    return &wanted == &word.terms.back() ? term.starts_with(wanted) : term == wanted;
  };
  return !std::ranges::search(terms, word.terms, same).empty();
}

/// Whether each word is in the title or in a message.
bool matches(const View& rows, const domain::Chat& chat,
             const std::vector<domain::QueryWord>& words) {
  if (words.empty()) return true;
  std::vector<Terms> documents{domain::index_terms(chat.title)};
  for (const auto* const message : messages_in(rows, chat.id)) {
    documents.push_back(domain::index_terms(message->content));
  }
  return std::ranges::all_of(words, [&documents](const auto& word) {
    return std::ranges::any_of(documents,
                               [&word](const Terms& terms) { return contains(terms, word); });
  });
}

struct Line {
  const ChatRow* chat;
  const MemberRow* member;

  ListCursor place() const {
    const auto section = member->pinned ? ListCursor::Section::pinned : ListCursor::Section::others;
    return {section, chat->chat.updated_at, chat->chat.id};
  }
};

/// Pinned ones first, then newest change first.
bool comes_before(const ListCursor& a, const ListCursor& b) {
  return std::tie(a.section, a.updated_at, a.chat) > std::tie(b.section, b.updated_at, b.chat);
}

ports::ChatSummary summary_of(const View& rows, const Line& line) {
  const auto& [chat, member] = line;
  const auto messages = messages_in(rows, chat->chat.id);
  ports::ChatSummary summary{.chat = chat->chat,
                             .role = member->role,
                             .pinned = member->pinned,
                             .last_read = member->last_read,
                             .unread = 0,
                             .last_message = {}};
  for (const auto* const message : messages) {
    if (message->seq > member->last_read && message->user != member->user) ++summary.unread;
  }
  summary.unread = std::min(summary.unread, ports::unread_max);
  if (!messages.empty()) summary.last_message = *messages.back();
  return summary;
}

/// After `cursor`, in the order of the list.
std::vector<Line> lines_of(const View& rows, domain::UserId user, const ListCursor& cursor,
                           const std::string& search) {
  const auto words = domain::query_words(search);
  std::vector<Line> lines;
  for (const auto* const member : rows.members.all()) {
    if (member->user != user) continue;
    const Line line{living_chat(rows, member->chat), member};
    if (!line.chat || !comes_before(cursor, line.place())) continue;
    if (matches(rows, line.chat->chat, words)) lines.push_back(line);
  }
  std::ranges::sort(lines, comes_before, &Line::place);
  return lines;
}

}  // namespace

base::Result<ports::ChatPage> list_chats(const View& rows, domain::UserId user,
                                         const ports::ChatQuery& query) {
  const auto cursor = cursor_of(query);
  if (!cursor) return std::unexpected(cursor.error());
  const auto lines = lines_of(rows, user, *cursor, query.search);
  const auto limit = limit_of(query);
  ports::ChatPage page;
  for (std::size_t i = 0; i < std::min(limit, lines.size()); ++i) {
    page.chats.push_back(summary_of(rows, lines[i]));
  }
  if (lines.size() > limit) page.next_cursor = cursor_after(page.chats.back());
  return page;
}

base::Result<ports::ChatView> view_chat(const View& rows, domain::UserId user,
                                        domain::ChatId chat) {
  auto summary = summarise(rows, user, chat);
  if (!summary) return std::unexpected(summary.error());
  ports::ChatView view{.summary = std::move(*summary),
                       .members = members_of(rows, chat),
                       .rubric = {},
                       .rubric_version = {},
                       .rubric_answered = {}};
  if (const auto* const rubric = current_rubric(rows, chat)) {
    view.rubric = rubric->document;
    view.rubric_version = rubric->version;
    view.rubric_answered = rubric->answered;
  }
  return view;
}

base::Result<ports::ChatSummary> summarise(const View& rows, domain::UserId user,
                                           domain::ChatId chat) {
  const auto access = require_member(rows, user, chat);
  if (!access) return std::unexpected(access.error());
  return summary_of(rows, {rows.chats.find(chat), rows.members.find({chat, user})});
}

std::vector<ports::Head> find_heads(const View& rows,
                                    const std::vector<domain::StreamId>& streams) {
  std::set<domain::StreamId> seen;
  std::vector<ports::Head> heads;
  for (const auto& stream : streams) {
    if (!seen.insert(stream).second) continue;
    const auto head = head_of(rows, stream);
    if (head != domain::Position()) heads.push_back({stream, head});
  }
  return heads;
}

domain::Position head_of(const View& rows, const domain::StreamId& stream) {
  if (stream.chat()) {
    const auto* const row = rows.chats.find(*stream.chat());
    return row ? row->head() : domain::Position();
  }
  const auto* const row = rows.users.find(*stream.user());
  return row ? row->head : domain::Position();
}

}  // namespace rubricon::memory
