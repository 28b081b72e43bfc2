#include <rubricon/sqlite/chat_queries.hpp>

#include <rubricon/domain/list_cursor.hpp>
#include <rubricon/sqlite/message_queries.hpp>
#include <rubricon/sqlite/rows.hpp>
#include <rubricon/sqlite/search_index.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <unordered_map>
#include <utility>

namespace rubricon::sqlite {
namespace {

using domain::ListCursor;

constexpr int first_word_parameter = 8;

// Columns of a summary, from `page p` (a chat and the user's row in it) and the joins below.
std::string summary_select() {
  // tidy: allow sql because unread_max is a constant of ours
  return fmt::format(
      "SELECT {}, p.role, p.pinned, "
      "CASE WHEN c.last_seq > p.last_read_seq THEN "
      "(SELECT count(*) FROM (SELECT 1 FROM messages n WHERE n.chat_id = p.id "
      "AND n.seq > p.last_read_seq AND n.user_id IS NOT ?1 LIMIT {})) ELSE 0 END, {} "
      "FROM page p JOIN chats c ON c.number = p.number "
      "LEFT JOIN messages m ON m.chat_id = p.id "
      "AND m.seq = (SELECT max(seq) FROM messages WHERE chat_id = p.id) ",
      chat_columns, ports::unread_max, message_columns);
}

ports::ChatSummary summary_at(const Statement& row) {
  ports::ChatSummary summary{.chat = chat_at(row, 0),
                             .role = role_at(row, chat_width),
                             .pinned = row.integer(chat_width + 1) != 0,
                             .unread = row.integer(chat_width + 2),
                             .last_message = {}};
  if (!row.null(chat_width + 3)) summary.last_message = message_at(row, chat_width + 3);
  return summary;
}

enum class Filter { none, words };

// The page is the first `limit` of three sorted stretches: the pinned chats; the user's own, from
// the index by change; those shared with the user. Parameters: 1 the user; 2, 3 the bound of the
// pinned ones and 4, 5 of the others; 6 the limit; 7 whether the pinned ones are still to come.
std::string list_sql(Filter filter) {
  const std::string words =
      filter == Filter::words ? fmt::format(" AND {}", search_condition(first_word_parameter)) : "";
  const auto stretch = [&words](std::string_view from, int bound) {
    // tidy: allow sql because these are the texts below and numbers of parameters
    return fmt::format(
        "SELECT * FROM (SELECT c.number, c.id, c.updated_at, cm.role, cm.pinned, cm.last_read_seq "
        "FROM {} AND (c.updated_at, c.id) < (?{}, ?{}) AND c.deleted_at IS NULL{} "
        "ORDER BY c.updated_at DESC, c.id DESC LIMIT ?6)",
        from, bound, bound + 1, words);
  };
  // tidy: allow sql because all of it is written here
  return fmt::format(
      "WITH page AS ({} UNION ALL {} UNION ALL {}) {} "
      "ORDER BY p.pinned DESC, p.updated_at DESC, p.id DESC LIMIT ?6",
      stretch("chat_members cm JOIN chats c ON c.id = cm.chat_id "
              "WHERE ?7 AND cm.user_id = ?1 AND cm.pinned = 1",
              2),
      stretch("chats c CROSS JOIN chat_members cm ON cm.chat_id = c.id AND cm.user_id = ?1 "
              "WHERE c.user_id = ?1 AND cm.pinned = 0",
              4),
      stretch("chat_members cm JOIN chats c ON c.id = cm.chat_id "
              "WHERE cm.user_id = ?1 AND cm.pinned = 0 AND cm.shared = 1",
              4),
      summary_select());
}

Statement list_rows(Connection& db, domain::UserId user, const ListCursor& cursor,
                    std::size_t limit, const std::string& search) {
  static const std::string all = list_sql(Filter::none);
  static const std::string matching = list_sql(Filter::words);
  const bool pinned = cursor.section == ListCursor::Section::pinned;
  const ListCursor others = pinned ? ListCursor::start() : cursor;
  const auto e = search_expressions(search);
  if (!e) {
    return db.query(all, user, cursor.updated_at, cursor.chat, others.updated_at, others.chat,
                    limit, pinned);
  }
  const auto& w = *e;
  return db.query(matching, user, cursor.updated_at, cursor.chat, others.updated_at, others.chat,
                  limit, pinned, w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]);
}

}  // namespace

base::Result<ports::ChatPage> list_chats(Connection& db, domain::UserId user,
                                         const ports::ChatQuery& query) {
  ListCursor cursor = ListCursor::start();
  if (!query.cursor.empty()) {
    const auto decoded = domain::parse_list_cursor(query.cursor);
    if (!decoded) {
      return base::fail(base::ErrorCode::invalid, "this cursor is not one of ours", "bad_cursor");
    }
    cursor = *decoded;
  }
  const std::size_t limit = std::clamp<std::size_t>(query.limit, 1, ports::chat_page_max);
  ports::ChatPage page;
  auto row = list_rows(db, user, cursor, limit + 1, query.search);
  while (row.step()) {
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

std::optional<ports::ChatSummary> summarise(Connection& db, domain::UserId user,
                                            domain::ChatId chat) {
  // tidy: allow sql because summary_select is the constant above
  static const std::string sql =
      "WITH page AS (SELECT c.number, c.id, cm.role, cm.pinned, cm.last_read_seq FROM chats c "
      "JOIN chat_members cm ON cm.chat_id = c.id AND cm.user_id = ?1 "
      "WHERE c.id = ?2 AND c.deleted_at IS NULL) " +
      summary_select();
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
