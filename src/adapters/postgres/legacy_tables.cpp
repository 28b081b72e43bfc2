#include <rubricon/postgres/legacy_tables.hpp>

#include <rubricon/postgres/migrations.hpp>

#include <fmt/format.h>

#include <chrono>
#include <set>
#include <utility>

namespace rubricon::postgres {
namespace {

/// Sorting a large table takes its time; whoever waits has a deadline.
constexpr base::Milliseconds long_enough = std::chrono::hours(1);

constexpr std::size_t context_bytes_read_max = 64 * 1024;
constexpr std::size_t content_bytes_read_max = 32 * 1024;
/// Of texts that have less room than that here.
constexpr int line_characters_read = 400;

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? "\"\"" : std::string(1, c);
  return text + '"';
}

/// One of the old tables, and what it has.
class Table {
 public:
  Table(std::string_view schema, std::string_view name, std::set<std::string> columns)
      : name_(name),
        qualified_(quoted(schema) + '.' + quoted(name)),
        columns_(std::move(columns)) {}

  const std::string& qualified() const { return qualified_; }

  bool has(const std::string& column) const { return columns_.contains(column); }

  /// The column, which must be there.
  std::string need(const std::string& column) const {
    if (!has(column)) {
      throw OpenError(fmt::format("the old table \"{}\" has no column \"{}\"", name_, column));
    }
    return quoted(column);
  }

  /// A text, empty where there is none.
  std::string text(const std::string& column) const {
    return has(column) ? fmt::format("coalesce({}::text, '')", quoted(column)) : "''::text";
  }

  /// Milliseconds since 1970, or null.
  static std::string milliseconds(const std::string& column) {
    // tidy: allow sql because names cannot be arguments; they are quoted
    return fmt::format(
        "CASE WHEN isfinite({0}) THEN floor(extract(epoch FROM {0}) * 1000)::bigint END", column);
  }

 private:
  std::string name_;
  std::string qualified_;
  std::set<std::string> columns_;
};

std::string users_cursor(const Table& users) {
  // tidy: allow sql because names cannot be arguments; they are quoted
  return fmt::format(
      "DECLARE old_users NO SCROLL CURSOR FOR SELECT {0}::text, left({1}::text, {2}), "
      "left({3}, {2}), {4} FROM {5} ORDER BY {0}::text COLLATE \"C\"",
      users.need("id"), users.need("email"), line_characters_read, users.text("name"),
      Table::milliseconds(users.need("createdAt")), users.qualified());
}

std::string chats_cursor(const Table& chats) {
  const auto context = chats.text("context");
  // tidy: allow sql because names cannot be arguments; they are quoted
  return fmt::format(
      "DECLARE old_chats NO SCROLL CURSOR FOR SELECT {0}::text, {1}::text, left({2}, {3}), "
      "CASE WHEN octet_length({4}) <= {5} THEN {4} ELSE '?' END, {6} FROM {7} "
      "ORDER BY {0}::text COLLATE \"C\"",
      chats.need("id"), chats.need("userId"), chats.text("title"), line_characters_read, context,
      context_bytes_read_max, Table::milliseconds(chats.need("createdAt")), chats.qualified());
}

std::string messages_cursor(const Table& messages) {
  const auto time = messages.need(messages.has("createdAt") ? "createdAt" : "time");
  const auto content = messages.need("content");
  // tidy: allow sql because names cannot be arguments; they are quoted
  return fmt::format(
      "DECLARE old_messages NO SCROLL CURSOR FOR SELECT {0}::text, {1}::text, {2}::text, "
      "CASE WHEN octet_length({3}::text) <= {4} THEN {3}::text ELSE '' END, "
      "coalesce(octet_length({3}::text), 0), {5} FROM {6} "
      "ORDER BY {1}::text COLLATE \"C\", {7}, {0}::text COLLATE \"C\"",
      messages.need("id"), messages.need("chatId"), messages.need("role"), content,
      content_bytes_read_max, Table::milliseconds(time), messages.qualified(), time);
}

std::optional<base::Time> time_at(const Row& row, int column) {
  if (row.null(column)) return std::nullopt;
  return base::time_from_unix_ms(row.integer(column));
}

}  // namespace

base::Task<std::unique_ptr<LegacyTables>> LegacyTables::open(std::string url, std::string schema,
                                                             const ports::Clock* clock,
                                                             base::Deadline deadline) {
  ConnectOptions options{.url = std::move(url), .preparing = Preparing::unnamed};
  options.statement_timeout = long_enough;
  options.idle_in_transaction_timeout = long_enough;
  auto connection = co_await Connection::open(std::move(options), clock, deadline);
  std::unique_ptr<LegacyTables> tables(new LegacyTables(std::move(connection)));
  auto begin = together(query("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"));
  for (const auto& setting : tables->connection_->transaction_settings()) begin.push_back(setting);
  co_await tables->connection_->run(std::move(begin), deadline);
  co_await tables->declare(std::move(schema), deadline);
  co_return tables;
}

base::Task<void> LegacyTables::declare(std::string schema, base::Deadline deadline) {
  const auto asked =
      co_await ask(query("SELECT table_schema::text, table_name::text, column_name::text "
                         "FROM information_schema.columns "
                         "WHERE table_schema = coalesce(nullif($1, ''), current_schema()) "
                         "AND table_name IN ('User', 'Chat', 'Msg')",
                         schema),
                   deadline);
  if (!asked.empty()) schema = asked.front().text(0);
  const auto table = [&](std::string_view name) {
    std::set<std::string> columns;
    for (const auto row : asked) {
      if (row.view(1) == name) columns.insert(row.text(2));
    }
    if (columns.empty()) {
      throw OpenError(fmt::format("there is no old table \"{}\" that may be read", name));
    }
    return Table(schema, name, std::move(columns));
  };
  const auto users = table("User");
  const auto chats = table("Chat");
  const auto messages = table("Msg");
  // tidy: allow sql because names of tables cannot be arguments; they are quoted
  count_sql_ = fmt::format(
      "SELECT (SELECT count(*) FROM {}), (SELECT count(*) FROM {}), (SELECT count(*) FROM {})",
      users.qualified(), chats.qualified(), messages.qualified());
  const auto of_users = users_cursor(users);
  const auto of_chats = chats_cursor(chats);
  const auto of_messages = messages_cursor(messages);
  co_await connection_->run(together(query(of_users), query(of_chats), query(of_messages)),
                            deadline);
}

base::Task<Answer> LegacyTables::ask(Query query, base::Deadline deadline) {
  auto answers = co_await connection_->run(together(std::move(query)), deadline);
  co_return std::move(answers.front());
}

base::Task<LegacyTables::Counts> LegacyTables::count(base::Deadline deadline) {
  const auto counted = co_await ask(query(count_sql_), deadline);
  const auto row = counted.front();
  co_return Counts{row.integer(0), row.integer(1), row.integer(2)};
}

base::Task<std::vector<legacy::OldUser>> LegacyTables::users(base::Deadline deadline) {
  const auto found = co_await ask(query("FETCH 1000 FROM old_users"), deadline);
  std::vector<legacy::OldUser> rows;
  for (const auto row : found) {
    rows.push_back({.id = row.text(0),
                    .email = row.text(1),
                    .name = row.text(2),
                    .created_at = time_at(row, 3)});
  }
  co_return rows;
}

base::Task<std::vector<legacy::OldChat>> LegacyTables::chats(base::Deadline deadline) {
  const auto found = co_await ask(query("FETCH 1000 FROM old_chats"), deadline);
  std::vector<legacy::OldChat> rows;
  for (const auto row : found) {
    rows.push_back({.id = row.text(0),
                    .user = row.text(1),
                    .title = row.text(2),
                    .context = row.text(3),
                    .created_at = time_at(row, 4)});
  }
  co_return rows;
}

base::Task<std::vector<legacy::OldMessage>> LegacyTables::messages(base::Deadline deadline) {
  const auto found = co_await ask(query("FETCH 1000 FROM old_messages"), deadline);
  std::vector<legacy::OldMessage> rows;
  for (const auto row : found) {
    rows.push_back({.id = row.text(0),
                    .chat = row.text(1),
                    .role = row.text(2),
                    .content = row.text(3),
                    .content_bytes = static_cast<std::size_t>(row.integer(4)),
                    .at = time_at(row, 5)});
  }
  co_return rows;
}

}  // namespace rubricon::postgres
