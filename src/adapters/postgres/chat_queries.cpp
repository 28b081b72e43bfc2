#include <rubricon/postgres/chat_queries.hpp>

#include <rubricon/domain/search_terms.hpp>
#include <rubricon/postgres/rows.hpp>
#include <rubricon/postgres/search_index.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>

namespace rubricon::postgres {
namespace {

using domain::ListCursor;

constexpr int first_word_parameter = 8;

// Columns of a summary, from `page p` (a chat and the user's row in it) and the joins below. No
// message of a chat is newer than its newest event, which spares later partitions.
std::string summary_select() {
  // tidy: allow sql because unread_max is a constant of ours
  return fmt::format(
      "SELECT {}, p.role, p.pinned, "
      "CASE WHEN c.last_seq > p.last_read_seq THEN "
      "(SELECT count(*) FROM (SELECT FROM messages n WHERE n.chat_id = p.id "
      "AND n.seq > p.last_read_seq AND n.user_id IS DISTINCT FROM $1 LIMIT {}) unread) ELSE 0 END, "
      "p.last_read_seq, {} "
      "FROM page p JOIN chats c ON c.id = p.id "
      "LEFT JOIN LATERAL (SELECT * FROM messages l WHERE l.chat_id = c.id "
      "AND l.created_at <= c.updated_at ORDER BY l.created_at DESC, l.seq DESC LIMIT 1) m ON true ",
      chat_columns, ports::unread_max, message_columns);
}

ports::ChatSummary summary_at(const Row& row) {
  ports::ChatSummary summary{.chat = chat_at(row, 0),
                             .role = role_at(row, chat_width),
                             .pinned = row.boolean(chat_width + 1),
                             .unread = row.integer(chat_width + 2),
                             .last_message = {}};
  if (!row.null(chat_width + 4)) summary.last_message = message_at(row, chat_width + 4);
  return summary;
}

// The page is the first `limit` of three sorted stretches: the pinned chats; the user's own, from
// the index by change; those shared with the user. Parameters: 1 the user; 2, 3 the bound of the
// pinned ones and 4, 5 of the others; 6 the limit; 7 whether the pinned ones are still to come;
// then the words.
std::string list_sql(std::size_t words) {
  const std::string condition =
      words == 0 ? "" : fmt::format(" AND {}", search_condition(first_word_parameter, words));
  const auto stretch = [&condition](std::string_view from, int bound) {
    // tidy: allow sql because these are the texts below and numbers of parameters
    return fmt::format(
        "(SELECT c.id, c.updated_at, cm.role, cm.pinned, cm.last_read_seq FROM {} "
        "AND (c.updated_at, c.id) < (${}, ${}) AND c.deleted_at IS NULL{} "
        "ORDER BY c.updated_at DESC, c.id DESC LIMIT $6)",
        from, bound, bound + 1, condition);
  };
  // tidy: allow sql because all of it is written here
  return fmt::format(
      "WITH page AS ({} UNION ALL {} UNION ALL {}) {} "
      "ORDER BY p.pinned DESC, p.updated_at DESC, p.id DESC LIMIT $6",
      stretch("chat_members cm JOIN chats c ON c.id = cm.chat_id "
              "WHERE $7 AND cm.user_id = $1 AND cm.pinned",
              2),
      stretch("chats c JOIN chat_members cm ON cm.chat_id = c.id AND cm.user_id = $1 "
              "WHERE c.user_id = $1 AND NOT cm.pinned",
              4),
      stretch("chat_members cm JOIN chats c ON c.id = cm.chat_id "
              "WHERE cm.user_id = $1 AND NOT cm.pinned AND cm.shared",
              4),
      summary_select());
}

/// One text for each number of words.
const std::string& list_sql_for(std::size_t words) {
  static const auto all = [] {
    std::array<std::string, domain::query_words_max + 1> sqls;
    for (std::size_t i = 0; i < sqls.size(); ++i) sqls[i] = list_sql(i);
    return sqls;
  }();
  return all.at(words);
}

}  // namespace

Query list_query(domain::UserId user, const ListCursor& cursor, std::size_t limit,
                 const std::string& search) {
  const bool pinned = cursor.section == ListCursor::Section::pinned;
  const ListCursor others = pinned ? ListCursor::start() : cursor;
  const auto words = to_tsqueries(search);
  auto made = query(list_sql_for(words.size()), user, cursor.updated_at, cursor.chat,
                    others.updated_at, others.chat, limit + 1, pinned);
  for (const auto& word : words) made.arguments.push_back(wire::argument(word));
  return made;
}

ports::ChatPage page_in(const Answer& answer, std::size_t limit) {
  ports::ChatPage page;
  for (const auto row : answer) {
    if (page.chats.size() == limit) {
      const auto& last = page.chats.back();
      const auto section = last.pinned ? ListCursor::Section::pinned : ListCursor::Section::others;
      page.next_cursor = domain::to_string(ListCursor{section, last.chat.updated_at, last.chat.id});
      break;
    }
    page.chats.push_back(summary_at(row));
  }
  return page;
}

std::vector<ChatMark> marks_in_list(const Answer& answer) {
  std::vector<ChatMark> marks;
  for (const auto row : answer) {
    const auto chat = chat_at(row, 0);
    marks.push_back({chat.id, chat.last_seq, role_at(row, chat_width), row.boolean(chat_width + 1),
                     row.number<domain::Seq>(chat_width + 3)});
  }
  std::ranges::sort(marks, {}, &ChatMark::chat);
  return marks;
}

Query marks_query(domain::UserId user, const std::vector<ChatMark>& of) {
  std::vector<domain::ChatId> chats;
  for (const auto& mark : of) chats.push_back(mark.chat);
  return query(
      "SELECT c.id, c.last_seq, cm.role, cm.pinned, cm.last_read_seq FROM chat_members cm "
      "JOIN chats c ON c.id = cm.chat_id AND c.deleted_at IS NULL "
      "WHERE cm.user_id = $1 AND cm.chat_id = ANY ($2) ORDER BY c.id",
      user, chats);
}

std::vector<ChatMark> marks_in(const Answer& answer) {
  std::vector<ChatMark> marks;
  for (const auto row : answer) {
    marks.push_back({row.id<domain::ChatId>(0), row.number<domain::Seq>(1), role_at(row, 2),
                     row.boolean(3), row.number<domain::Seq>(4)});
  }
  return marks;
}

Query summary_query(domain::UserId user, domain::ChatId chat) {
  // tidy: allow sql because summary_select is the constant above
  static const std::string sql =
      "WITH page AS (SELECT c.id, cm.role, cm.pinned, cm.last_read_seq FROM chats c "
      "JOIN chat_members cm ON cm.chat_id = c.id AND cm.user_id = $1 "
      "WHERE c.id = $2 AND c.deleted_at IS NULL) " +
      summary_select();
  return query(sql, user, chat);
}

std::optional<ports::ChatSummary> summary_in(const Answer& answer) {
  if (answer.empty()) return std::nullopt;
  return summary_at(answer.front());
}

Query heads_query(const std::vector<domain::StreamId>& streams) {
  std::vector<domain::ChatId> chats;
  std::vector<domain::UserId> users;
  for (const auto& stream : streams) {
    if (const auto chat = stream.chat()) chats.push_back(*chat);
    if (const auto user = stream.user()) users.push_back(*user);
  }
  return query(
      "SELECT id, epoch, last_seq, false FROM chats WHERE id = ANY ($1) UNION ALL "
      "SELECT id, epoch, last_seq, true FROM users WHERE id = ANY ($2)",
      chats, users);
}

std::vector<ports::Head> heads_in(const Answer& answer) {
  std::vector<ports::Head> heads;
  for (const auto row : answer) {
    const auto stream = row.boolean(3) ? domain::StreamId(row.id<domain::UserId>(0))
                                       : domain::StreamId(row.id<domain::ChatId>(0));
    heads.push_back({stream, {row.number<domain::Epoch>(1), row.number<domain::Seq>(2)}});
  }
  return heads;
}

}  // namespace rubricon::postgres
