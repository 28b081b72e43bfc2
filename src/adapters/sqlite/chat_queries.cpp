#include <rubricon/sqlite/chat_queries.hpp>

#include <rubricon/domain/list_cursor.hpp>
#include <rubricon/sqlite/message_queries.hpp>
#include <rubricon/sqlite/rows.hpp>
#include <rubricon/sqlite/search_index.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <functional>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace rubricon::sqlite {
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

ports::ChatState state_at(const Statement& row) {
  return {.chat = row.id<domain::ChatId>(0),
          .head = {row.number<domain::Epoch>(1), row.number<domain::Seq>(2)},
          .updated_at = row.time(3),
          .role = role_at(row, 4),
          .pinned = row.integer(5) != 0,
          .last_read = row.number<domain::Seq>(6)};
}

// Columns of a summary, from `page c` and the join below.
std::string summary_select() {
  // tidy: allow sql because unread_max is a constant of ours
  return fmt::format(
      "SELECT {}, c.role, c.pinned, c.last_read_seq, "
      "CASE WHEN c.last_seq > c.last_read_seq THEN "
      "(SELECT count(*) FROM (SELECT 1 FROM messages n WHERE n.chat_id = c.id "
      "AND n.seq > c.last_read_seq AND n.user_id IS NOT ?1 LIMIT {})) ELSE 0 END, {} "
      "FROM page c LEFT JOIN messages m ON m.chat_id = c.id "
      "AND m.seq = (SELECT max(seq) FROM messages WHERE chat_id = c.id) ",
      chat_columns, ports::unread_max, message_columns);
}

ports::ChatSummary summary_at(const Statement& row) {
  ports::ChatSummary summary{.chat = chat_at(row, 0),
                             .role = role_at(row, chat_width),
                             .pinned = row.integer(chat_width + 1) != 0,
                             .last_read = row.number<domain::Seq>(chat_width + 2),
                             .unread = row.integer(chat_width + 3),
                             .last_message = {}};
  if (!row.null(chat_width + 4)) summary.last_message = message_at(row, chat_width + 4);
  return summary;
}

enum class Filter { none, words };

// The page is the first `limit` of three sorted stretches: the pinned chats; the user's own, from
// the index by change; those shared with the user. Parameters: 1 the user; 2, 3 the bound of the
// pinned ones and 4, 5 of the others; 6 the limit; 7 whether the pinned ones are still to come.
std::string page_sql(std::string_view columns, Filter filter) {
  const std::string words =
      filter == Filter::words ? fmt::format(" AND {}", search_condition(first_word_parameter)) : "";
  const auto stretch = [&](std::string_view from, int bound) {
    // tidy: allow sql because these are the texts below and numbers of parameters
    return fmt::format(
        "SELECT * FROM (SELECT {} "
        "FROM {} AND (c.updated_at, c.id) < (?{}, ?{}) AND c.deleted_at IS NULL{} "
        "ORDER BY c.updated_at DESC, c.id DESC LIMIT ?6)",
        columns, from, bound, bound + 1, words);
  };
  // tidy: allow sql because all of it is written here
  return fmt::format(
      "WITH page AS ({} UNION ALL {} UNION ALL {}) ",
      stretch("chat_members cm JOIN chats c ON c.id = cm.chat_id "
              "WHERE ?7 AND cm.user_id = ?1 AND cm.pinned = 1",
              2),
      stretch("chats c CROSS JOIN chat_members cm ON cm.chat_id = c.id AND cm.user_id = ?1 "
              "WHERE c.user_id = ?1 AND cm.pinned = 0",
              4),
      stretch("chat_members cm JOIN chats c ON c.id = cm.chat_id "
              "WHERE cm.user_id = ?1 AND cm.pinned = 0 AND cm.shared = 1",
              4));
}

constexpr const char* in_order = "ORDER BY c.pinned DESC, c.updated_at DESC, c.id DESC LIMIT ?6";

struct PageSql {
  std::string all;
  std::string matching;
};

/// The rows of a page, one more than its limit where there are as many.
Statement page_rows(Connection& db, const PageSql& sql, domain::UserId user,
                    const ListCursor& cursor, const ports::ChatQuery& query) {
  const bool pinned = cursor.section == ListCursor::Section::pinned;
  const ListCursor others = pinned ? ListCursor::start() : cursor;
  const auto rows = limit_of(query) + 1;
  const auto e = search_expressions(query.search);
  if (!e) {
    return db.query(sql.all, user, cursor.updated_at, cursor.chat, others.updated_at, others.chat,
                    rows, pinned);
  }
  const auto& w = *e;
  return db.query(sql.matching, user, cursor.updated_at, cursor.chat, others.updated_at,
                  others.chat, rows, pinned, w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]);
}

}  // namespace

base::Result<ports::ChatPage> list_chats(Connection& db, domain::UserId user,
                                         const ports::ChatQuery& query) {
  const auto list_sql = [](Filter filter) {
    return page_sql(page_columns(), filter) + summary_select() + in_order;
  };
  static const PageSql sql{list_sql(Filter::none), list_sql(Filter::words)};
  const auto cursor = cursor_of(query);
  if (!cursor) return std::unexpected(cursor.error());
  ports::ChatPage page;
  auto row = page_rows(db, sql, user, *cursor, query);
  while (row.step()) {
    if (page.chats.size() == limit_of(query)) {
      page.next_cursor = cursor_after(page.chats.back());
      break;
    }
    page.chats.push_back(summary_at(row));
  }
  return page;
}

base::Result<ports::ListState> state_of_list(Connection& db, domain::UserId user,
                                             const ports::ChatQuery& query) {
  const auto state_sql = [](Filter filter) {
    // tidy: allow sql because all of it is written here
    return page_sql(state_columns, filter) + "SELECT * FROM page";
  };
  static const PageSql sql{state_sql(Filter::none), state_sql(Filter::words)};
  const auto cursor = cursor_of(query);
  if (!cursor) return std::unexpected(cursor.error());
  ports::ListState state;
  auto row = page_rows(db, sql, user, *cursor, query);
  while (row.step()) state.chats.push_back(state_at(row));
  // Its own sorting would copy every row: in order they are mostly, and there are few.
  std::ranges::sort(state.chats, std::greater(), [](const ports::ChatState& chat) {
    return std::tuple(chat.pinned, chat.updated_at, chat.chat);
  });
  state.more = state.chats.size() > limit_of(query);
  if (state.more) state.chats.resize(limit_of(query));
  return state;
}

std::optional<ports::ChatSummary> summarise(Connection& db, domain::UserId user,
                                            domain::ChatId chat) {
  // tidy: allow sql because summary_select is the constant above
  static const std::string sql = fmt::format(
      "WITH page AS (SELECT {} FROM chats c "
      "JOIN chat_members cm ON cm.chat_id = c.id AND cm.user_id = ?1 "
      "WHERE c.id = ?2 AND c.deleted_at IS NULL) {}",
      page_columns(), summary_select());
  auto row = db.query(sql, user, chat);
  if (!row.step()) return std::nullopt;
  return summary_at(row);
}

base::Result<ports::ChatView> view_chat(Connection& db, domain::UserId user, domain::ChatId chat) {
  const Snapshot snapshot(db);
  auto summary = summarise(db, user, chat);
  if (!summary) return base::fail(base::ErrorCode::not_found, "no such chat");
  auto rubric = current_rubric(db, chat);
  return ports::ChatView{.summary = std::move(*summary),
                         .members = members_of(db, chat),
                         .rubric = std::move(rubric.document),
                         .rubric_version = rubric.version,
                         .rubric_answered = rubric.answered};
}

base::Result<ports::ViewState> state_of_view(Connection& db, domain::UserId user,
                                             domain::ChatId chat) {
  // tidy: allow sql because state_columns is the constant above
  static const std::string sql = fmt::format(
      "SELECT {} FROM chats c JOIN chat_members cm ON cm.chat_id = c.id AND cm.user_id = ?1 "
      "WHERE c.id = ?2 AND c.deleted_at IS NULL",
      state_columns);
  const Snapshot snapshot(db);
  auto row = db.query(sql, user, chat);
  if (!row.step()) return base::fail(base::ErrorCode::not_found, "no such chat");
  return ports::ViewState{.chat = state_at(row), .members = members_of(db, chat)};
}

std::vector<ports::Head> find_heads(Connection& db, const std::vector<domain::StreamId>& streams) {
  // Ids of users and chats never meet, so one list of bytes asks for both.
  std::vector<std::uint8_t> ids;
  std::unordered_map<base::Uuid, domain::StreamId> wanted;
  for (const auto& stream : streams) {
    const base::Uuid uuid = stream.chat() ? stream.chat()->uuid() : stream.user()->uuid();
    if (!wanted.emplace(uuid, stream).second) continue;
    ids.insert(ids.end(), uuid.bytes().begin(), uuid.bytes().end());
  }
  auto row = db.query(
      "WITH RECURSIVE wanted (i, id) AS (SELECT 1, substr(?1, 1, 16) UNION ALL "
      "SELECT i + 1, substr(?1, i * 16 + 1, 16) FROM wanted WHERE i < ?2) "
      "SELECT c.id, c.epoch, c.last_seq, 0 FROM wanted JOIN chats c ON c.id = wanted.id UNION ALL "
      "SELECT u.id, u.epoch, u.last_seq, 1 FROM wanted JOIN users u ON u.id = wanted.id",
      ids, wanted.size());
  std::vector<ports::Head> heads;
  while (row.step()) {
    const auto& stream = wanted.at(row.uuid(0));
    if (stream.user().has_value() != (row.integer(3) == 1)) continue;
    heads.push_back({stream, {row.number<domain::Epoch>(1), row.number<domain::Seq>(2)}});
  }
  return heads;
}

}  // namespace rubricon::sqlite
