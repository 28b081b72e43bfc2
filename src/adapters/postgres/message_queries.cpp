#include <rubricon/postgres/message_queries.hpp>

#include <rubricon/postgres/rows.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <limits>

namespace rubricon::postgres {
namespace {

std::string page_sql(std::string_view order) {
  // tidy: allow sql because the order is one of two words of ours
  return fmt::format(
      "SELECT {} FROM messages m WHERE m.chat_id = $1 AND m.seq > $2 AND m.seq < $3 "
      "ORDER BY m.seq {} LIMIT $4",
      message_columns, order);
}

}  // namespace

Query messages_query(domain::ChatId chat, const ports::MessageQuery& page) {
  static const std::string newest = fmt::format(
      "SELECT {} FROM messages m WHERE m.chat_id = $1 "
      "ORDER BY m.created_at DESC, m.seq DESC LIMIT $2",
      message_columns);
  static const std::string upwards = page_sql("ASC");
  static const std::string downwards = page_sql("DESC");
  const std::size_t limit = std::clamp<std::size_t>(page.limit, 1, ports::message_page_max);
  if (!page.after && !page.before) return query(newest, chat, limit);
  const auto after = page.after.value_or(domain::Seq(0));
  const auto before = page.before.value_or(domain::Seq(std::numeric_limits<std::int64_t>::max()));
  return query(page.after ? upwards : downwards, chat, after, before, limit);
}

std::vector<domain::Message> messages_in(const Answer& answer) {
  std::vector<domain::Message> messages;
  messages.reserve(answer.size());
  for (const auto row : answer) messages.push_back(message_at(row, 0));
  if (messages.size() > 1 && messages.front().seq > messages.back().seq) {
    std::ranges::reverse(messages);
  }
  return messages;
}

Query message_query(domain::ChatId chat, domain::MessageId message) {
  static const std::string sql = fmt::format(
      "SELECT {} FROM messages m WHERE m.chat_id = $1 AND m.created_at = $2 AND m.id = $3",
      message_columns);
  return query(sql, chat, base::time_from_unix_ms(message.uuid().unix_ms()), message);
}

Query message_query(domain::ChatId chat, domain::Seq seq) {
  static const std::string sql =
      fmt::format("SELECT {} FROM messages m WHERE m.chat_id = $1 AND m.seq = $2", message_columns);
  return query(sql, chat, seq);
}

std::optional<domain::Message> message_in(const Answer& answer) {
  if (answer.empty()) return std::nullopt;
  return message_at(answer.front(), 0);
}

}  // namespace rubricon::postgres
