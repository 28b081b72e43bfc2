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

/// What `page c` has for each chat: the chat, and the user's row in it.
std::string page_columns() {
  // tidy: allow sql because chat_columns is a constant of ours
  return fmt::format("{}, cm.role, cm.pinned, cm.last_read_seq", chat_columns);
}

/// Columns of a ports::ChatState; read by state_at.
constexpr const char* state_columns =
    "c.id, c.epoch, c.last_seq, c.updated_at, cm.role, cm.pinned, cm.last_read_seq";
constexpr int state_width = 7;

ports::ChatState state_at(const Row& row) {
  return {.chat = row.id<domain::ChatId>(0),
          .head = {row.number<domain::Epoch>(1), row.number<domain::Seq>(2)},
          .updated_at = row.time(3),
          .role = role_at(row, 4),
          .pinned = row.boolean(5),
          .last_read = row.number<domain::Seq>(6)};
}

// Columns of a summary, from `page c` and the join below. No message of a chat is newer than its
// newest event, which spares later partitions.
std::string summary_select() {
  // tidy: allow sql because unread_max is a constant of ours
  return fmt::format(
      "SELECT {}, c.role, c.pinned, "
      "CASE WHEN c.last_seq > c.last_read_seq THEN "
      "(SELECT count(*) FROM (SELECT FROM messages n WHERE n.chat_id = c.id "
      "AND n.seq > c.last_read_seq AND n.user_id IS DISTINCT FROM $1 LIMIT {}) unread) ELSE 0 END, "
      "c.last_read_seq, {} "
      "FROM page c "
      "LEFT JOIN LATERAL (SELECT * FROM messages l WHERE l.chat_id = c.id "
      "AND l.created_at <= c.updated_at ORDER BY l.created_at DESC, l.seq DESC LIMIT 1) m ON true ",
      chat_columns, ports::unread_max, message_columns);
}

ports::ChatSummary summary_at(const Row& row) {
  ports::ChatSummary summary{.chat = chat_at(row, 0),
                             .role = role_at(row, chat_width),
                             .pinned = row.boolean(chat_width + 1),
                             .last_read = row.number<domain::Seq>(chat_width + 3),
                             .unread = row.integer(chat_width + 2),
                             .last_message = {}};
  if (!row.null(chat_width + 4)) summary.last_message = message_at(row, chat_width + 4);
  return summary;
}

// The page is the first `limit` of three sorted stretches: the pinned chats; the user's own, from
// the index by change; those shared with the user. Parameters: 1 the user; 2, 3 the bound of the
// pinned ones and 4, 5 of the others; 6 the limit; 7 whether the pinned ones are still to come;
// then the words.
std::string page_sql(std::string_view columns, std::size_t words) {
  const std::string condition =
      words == 0 ? "" : fmt::format(" AND {}", search_condition(first_word_parameter, words));
  const auto stretch = [&](std::string_view from, int bound) {
    // tidy: allow sql because these are the texts below and numbers of parameters
    return fmt::format(
        "(SELECT {} FROM {} "
        "AND (c.updated_at, c.id) < (${}, ${}) AND c.deleted_at IS NULL{} "
        "ORDER BY c.updated_at DESC, c.id DESC LIMIT $6)",
        columns, from, bound, bound + 1, condition);
  };
  // tidy: allow sql because all of it is written here
  return fmt::format("WITH page AS ({} UNION ALL {} UNION ALL {}) ",
                     stretch("chat_members cm JOIN chats c ON c.id = cm.chat_id "
                             "WHERE $7 AND cm.user_id = $1 AND cm.pinned",
                             2),
                     stretch("chats c JOIN chat_members cm ON cm.chat_id = c.id "
                             "AND cm.user_id = $1 WHERE c.user_id = $1 AND NOT cm.pinned",
                             4),
                     stretch("chat_members cm JOIN chats c ON c.id = cm.chat_id "
                             "WHERE cm.user_id = $1 AND NOT cm.pinned AND cm.shared",
                             4));
}

constexpr const char* in_order = "ORDER BY c.pinned DESC, c.updated_at DESC, c.id DESC LIMIT $6";

std::string list_sql(std::size_t words) {
  return page_sql(page_columns(), words) + summary_select() + in_order;
}

std::string list_state_sql(std::size_t words) {
  // tidy: allow sql because all of it is written here
  return page_sql(state_columns, words) + "SELECT * FROM page c " + in_order;
}

using SqlOfWords = std::array<std::string, domain::query_words_max + 1>;

/// One text for each number of words.
SqlOfWords for_each_count(std::string (&sql)(std::size_t)) {
  SqlOfWords sqls;
  for (std::size_t i = 0; i < sqls.size(); ++i) sqls[i] = sql(i);
  return sqls;
}

Query page_query(const SqlOfWords& sqls, domain::UserId user, const ListCursor& cursor,
                 std::size_t limit, const std::string& search) {
  const bool pinned = cursor.section == ListCursor::Section::pinned;
  const ListCursor others = pinned ? ListCursor::start() : cursor;
  const auto words = to_tsqueries(search);
  auto made = query(sqls.at(words.size()), user, cursor.updated_at, cursor.chat, others.updated_at,
                    others.chat, limit + 1, pinned);
  for (const auto& word : words) made.arguments.push_back(wire::argument(word));
  return made;
}

}  // namespace

Query list_query(domain::UserId user, const ListCursor& cursor, std::size_t limit,
                 const std::string& search) {
  static const auto sqls = for_each_count(list_sql);
  return page_query(sqls, user, cursor, limit, search);
}

ports::ChatPage page_in(const Answer& answer, std::size_t limit) {
  ports::ChatPage page;
  for (const auto row : answer) {
    if (page.chats.size() == limit) {
      page.next_cursor = cursor_after(page.chats.back());
      break;
    }
    page.chats.push_back(summary_at(row));
  }
  return page;
}

Query list_state_query(domain::UserId user, const ListCursor& cursor, std::size_t limit,
                       const std::string& search) {
  static const auto sqls = for_each_count(list_state_sql);
  return page_query(sqls, user, cursor, limit, search);
}

ports::ListState list_state_in(const Answer& answer, std::size_t limit) {
  ports::ListState state{.chats = states_in(answer), .more = false};
  state.more = state.chats.size() > limit;
  if (state.more) state.chats.pop_back();
  return state;
}

std::vector<ports::ChatState> states_in_list(const Answer& answer) {
  std::vector<ports::ChatState> states;
  for (const auto row : answer) states.push_back(state_of(summary_at(row)));
  std::ranges::sort(states, {}, &ports::ChatState::chat);
  return states;
}

Query states_query(domain::UserId user, const std::vector<ports::ChatState>& of) {
  std::vector<domain::ChatId> chats;
  for (const auto& state : of) chats.push_back(state.chat);
  // tidy: allow sql because state_columns is the constant above
  static const std::string sql = fmt::format(
      "SELECT {} FROM chat_members cm JOIN chats c ON c.id = cm.chat_id AND c.deleted_at IS NULL "
      "WHERE cm.user_id = $1 AND cm.chat_id = ANY ($2) ORDER BY c.id",
      state_columns);
  return query(sql, user, chats);
}

std::vector<ports::ChatState> states_in(const Answer& answer) {
  std::vector<ports::ChatState> states;
  for (const auto row : answer) states.push_back(state_at(row));
  return states;
}

Query view_state_query(domain::UserId user, domain::ChatId chat) {
  // tidy: allow sql because state_columns is the constant above
  static const std::string sql = fmt::format(
      "SELECT {}, u.id, u.email, u.name, o.role FROM chats c "
      "JOIN chat_members cm ON cm.chat_id = c.id AND cm.user_id = $1 "
      "JOIN chat_members o ON o.chat_id = c.id JOIN users u ON u.id = o.user_id "
      "WHERE c.id = $2 AND c.deleted_at IS NULL ORDER BY o.user_id",
      state_columns);
  return query(sql, user, chat);
}

std::optional<ports::ViewState> view_state_in(const Answer& answer) {
  if (answer.empty()) return std::nullopt;
  ports::ViewState state{.chat = state_at(answer.front()), .members = {}};
  for (const auto row : answer) state.members.push_back(member_at(row, state_width));
  return state;
}

Query summary_query(domain::UserId user, domain::ChatId chat) {
  // tidy: allow sql because summary_select is the constant above
  static const std::string sql = fmt::format(
      "WITH page AS (SELECT {} FROM chats c "
      "JOIN chat_members cm ON cm.chat_id = c.id AND cm.user_id = $1 "
      "WHERE c.id = $2 AND c.deleted_at IS NULL) {}",
      page_columns(), summary_select());
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
