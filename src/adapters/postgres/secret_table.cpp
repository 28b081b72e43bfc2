#include <rubricon/postgres/secret_table.hpp>

#include <libpq-fe.h>

#include <array>
#include <stdexcept>
#include <thread>
#include <utility>

namespace rubricon::postgres {
namespace {

constexpr auto retry_every = std::chrono::milliseconds(250);
constexpr const char* seconds_max = "5";

/// The session may be a pooler's, and somebody else's next: limits are set in each transaction.
constexpr const char* begin_transaction =
    "BEGIN; SET LOCAL statement_timeout = '5s';"
    "SET LOCAL idle_in_transaction_session_timeout = '5s'";

/// Two processes that begin together must not make the table at the same time.
constexpr const char* make_table =
    "BEGIN; SET LOCAL statement_timeout = '5s'; SELECT pg_advisory_xact_lock(7308611917);"
    "CREATE TABLE IF NOT EXISTS secrets (name text PRIMARY KEY, content bytea NOT NULL,"
    " version bigint GENERATED ALWAYS AS IDENTITY); COMMIT";

/// libpq's texts name host, user and database, and no password.
[[noreturn]] void refuse(const std::string& what, std::string why) {
  while (!why.empty() && why.back() == '\n') why.pop_back();
  throw std::runtime_error(what + ": " + why);
}

}  // namespace

void SecretTable::Close::operator()(pg_conn* connection) const {
  PQfinish(connection);
}

void SecretTable::Clear::operator()(pg_result* result) const {
  PQclear(result);
}

SecretTable::SecretTable(std::string url, base::Milliseconds patience) : url_(std::move(url)) {
  connect_patiently(patience);
  const Result made(PQexec(connection_.get(), make_table));
  if (PQresultStatus(made.get()) != PGRES_COMMAND_OK) {
    refuse("the database has no place for the keys", PQerrorMessage(connection_.get()));
  }
}

void SecretTable::connect() {
  // What comes before `dbname` are defaults. A machine that is gone is noticed within half a
  // minute.
  const std::array keywords = {"keepalives_idle",
                               "keepalives_interval",
                               "keepalives_count",
                               "tcp_user_timeout",
                               "dbname",
                               "connect_timeout",
                               "fallback_application_name",
                               static_cast<const char*>(nullptr)};
  const std::array values = {"15",
                             "5",
                             "3",
                             "20000",
                             url_.c_str(),
                             seconds_max,
                             "rubricon keys",
                             static_cast<const char*>(nullptr)};
  connection_.reset(PQconnectdbParams(keywords.data(), values.data(), 1));
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    refuse("the database of the keys cannot be reached", PQerrorMessage(connection_.get()));
  }
  PQsetNoticeProcessor(connection_.get(), [](void*, const char*) {}, nullptr);
}

void SecretTable::connect_patiently(base::Milliseconds patience) {
  for (auto left = patience;; left -= retry_every) {
    try {
      return connect();
    } catch (const std::runtime_error&) {
      if (left <= base::Milliseconds(0)) throw;
    }
    std::this_thread::sleep_for(retry_every);
  }
}

SecretTable::Result SecretTable::try_query(const char* sql, const std::string& name,
                                           const std::string* content) {
  Result begun(PQexec(connection_.get(), begin_transaction));
  if (PQresultStatus(begun.get()) != PGRES_COMMAND_OK) return begun;
  const std::array values = {name.data(), content ? content->data() : nullptr};
  const std::array lengths = {static_cast<int>(name.size()),
                              content ? static_cast<int>(content->size()) : 0};
  const std::array formats = {0, 1};
  Result answer(PQexecParams(connection_.get(), sql, content ? 2 : 1, nullptr, values.data(),
                             lengths.data(), formats.data(), 1));
  Result ended(PQexec(connection_.get(), "COMMIT"));  // rolls back what failed
  return PQresultStatus(ended.get()) == PGRES_COMMAND_OK ? std::move(answer) : std::move(ended);
}

SecretTable::Result SecretTable::query(const char* sql, const std::string& name,
                                       const std::string* content) {
  auto result = try_query(sql, name, content);
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    connect();
    result = try_query(sql, name, content);
  }
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    refuse(place_of(name) + " cannot be used", PQresultErrorMessage(result.get()));
  }
  return result;
}

std::optional<std::string> SecretTable::read(const std::string& name) {
  const auto row = query("SELECT content FROM secrets WHERE name = $1", name);
  if (PQntuples(row.get()) == 0) return std::nullopt;
  return std::string(PQgetvalue(row.get(), 0, 0),
                     static_cast<std::size_t>(PQgetlength(row.get(), 0, 0)));
}

void SecretTable::write(const std::string& name, const std::string& content) {
  query(
      "INSERT INTO secrets (name, content) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET "
      "content = excluded.content, version = DEFAULT",
      name, &content);
}

std::string SecretTable::make(const std::string& name, const std::string& content) {
  query("INSERT INTO secrets (name, content) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", name,
        &content);
  auto present = read(name);
  if (!present) throw std::runtime_error(place_of(name) + " was there and is gone");
  return std::move(*present);
}

std::string SecretTable::version(const std::string& name) {
  const auto row =
      query("SELECT convert_to(version::text, 'UTF8') FROM secrets WHERE name = $1", name);
  return PQntuples(row.get()) == 0 ? std::string() : PQgetvalue(row.get(), 0, 0);
}

std::string SecretTable::place_of(const std::string& name) const {
  return "the table secrets, row " + name;
}

}  // namespace rubricon::postgres
