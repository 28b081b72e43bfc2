#include <rubricon/sqlite/message_queries.hpp>

#include <rubricon/sqlite/rows.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <limits>

namespace rubricon::sqlite {
namespace {

std::string page_sql(std::string_view order) {
  // tidy: allow sql because the order is one of two words of ours
  return fmt::format(
      "SELECT {} FROM messages m WHERE m.chat_id = ?1 AND m.seq > ?2 AND m.seq < ?3 "
      "ORDER BY m.seq {} LIMIT ?4",
      message_columns, order);
}

std::optional<domain::Message> first_message(Statement row) {
  if (!row.step()) return std::nullopt;
  return message_at(row, 0);
}

}  // namespace

std::vector<domain::Message> find_messages(Connection& db, domain::ChatId chat,
                                           const ports::MessageQuery& query) {
  static const std::string upwards = page_sql("ASC");
  static const std::string downwards = page_sql("DESC");
  const domain::Seq after = query.after.value_or(domain::Seq(0));
  const domain::Seq before =
      query.before.value_or(domain::Seq(std::numeric_limits<std::int64_t>::max()));
  const std::size_t limit = std::clamp<std::size_t>(query.limit, 1, ports::message_page_max);
  std::vector<domain::Message> messages;
  auto row = db.query(query.after ? upwards : downwards, chat, after, before, limit);
  while (row.step()) messages.push_back(message_at(row, 0));
  if (!query.after) std::ranges::reverse(messages);
  return messages;
}

std::optional<domain::Message> find_message(Connection& db, domain::ChatId chat,
                                            domain::MessageId message) {
  static const std::string sql = fmt::format(
      "SELECT {} FROM messages m INDEXED BY messages_by_time "
      "WHERE m.chat_id = ? AND m.created_at = ? AND m.id = ?",
      message_columns);
  return first_message(
      db.query(sql, chat, base::time_from_unix_ms(message.uuid().unix_ms()), message));
}

std::optional<domain::Message> find_message(Connection& db, domain::ChatId chat, domain::Seq seq) {
  static const std::string sql =
      fmt::format("SELECT {} FROM messages m WHERE m.chat_id = ? AND m.seq = ?", message_columns);
  return first_message(db.query(sql, chat, seq));
}

}  // namespace rubricon::sqlite
