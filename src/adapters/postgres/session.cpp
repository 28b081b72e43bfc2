#include <rubricon/postgres/session.hpp>

#include <rubricon/postgres/failure.hpp>

#include <fmt/format.h>
#include <libpq-fe.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace rubricon::postgres {
namespace {

struct Clear {
  void operator()(pg_result* result) const { PQclear(result); }
};
using Result = std::unique_ptr<pg_result, Clear>;

}  // namespace

Session::Session(const std::string& url) {
  // What comes before `dbname` are defaults: the URL is expanded there and wins.
  constexpr std::array keywords = {
      "connect_timeout",  "keepalives_idle",  "keepalives_interval",
      "keepalives_count", "tcp_user_timeout", "target_session_attrs",
      "dbname",           "client_encoding",  static_cast<const char*>(nullptr)};
  const std::array values = {"5",         "15",    "5",
                             "3",         "30000", "read-write",
                             url.c_str(), "UTF8",  static_cast<const char*>(nullptr)};
  connection_ = PQconnectdbParams(keywords.data(), values.data(), 1);
  try {
    if (!connection_ || PQstatus(connection_) != CONNECTION_OK) lost();
    PQsetNoticeProcessor(connection_, [](void*, const char*) {}, nullptr);
    // Texts of times and intervals must read the same on every server.
    run("SELECT set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO', false), "
        "set_config('statement_timeout', '0', false), set_config('lock_timeout', '2s', false), "
        "set_config('idle_in_transaction_session_timeout', '0', false)");
  } catch (...) {
    PQfinish(connection_);
    throw;
  }
}

Session::~Session() {
  PQfinish(connection_);
}

Session::Rows Session::run(const std::string& sql, const std::vector<Field>& parameters) {
  std::vector<const char*> values;
  for (const auto& each : parameters) values.push_back(each ? each->c_str() : nullptr);
  const Result result(PQexecParams(connection_, sql.c_str(), static_cast<int>(values.size()),
                                   nullptr, values.data(), nullptr, nullptr, 0));
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK) expect(result.get(), PGRES_TUPLES_OK);
  Rows rows;
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    auto& fields = rows.emplace_back();
    for (int column = 0; column < PQnfields(result.get()); ++column) {
      const bool null = PQgetisnull(result.get(), row, column) == 1;
      fields.push_back(null ? Field() : Field(PQgetvalue(result.get(), row, column)));
    }
  }
  return rows;
}

void Session::copy_out(const std::string& sql, const std::function<void(std::string_view)>& take) {
  const Result begun(PQexec(connection_, sql.c_str()));
  expect(begun.get(), PGRES_COPY_OUT);
  for (;;) {
    char* row = nullptr;
    const int size = PQgetCopyData(connection_, &row, 0);
    const std::unique_ptr<char, void (*)(void*)> held(row, PQfreemem);
    if (size == -2) lost();
    if (size == -1) break;
    take({row, static_cast<std::size_t>(size)});
  }
  finish_copy();
}

void Session::copy_in(const std::string& sql, const std::function<std::string()>& give) {
  const Result begun(PQexec(connection_, sql.c_str()));
  expect(begun.get(), PGRES_COPY_IN);
  try {
    for (auto rows = give(); !rows.empty(); rows = give()) {
      if (PQputCopyData(connection_, rows.data(), static_cast<int>(rows.size())) != 1) lost();
    }
  } catch (...) {
    PQputCopyEnd(connection_, "what was to be read is not whole");
    while (const Result result{PQgetResult(connection_)}) continue;
    throw;
  }
  if (PQputCopyEnd(connection_, nullptr) != 1) lost();
  finish_copy();
}

void Session::finish_copy() {
  const Result ended(PQgetResult(connection_));
  while (const Result rest{PQgetResult(connection_)}) continue;
  expect(ended.get(), PGRES_COMMAND_OK);
}

void Session::expect(pg_result* result, int status) {
  if (PQresultStatus(result) == status) return;
  if (PQstatus(connection_) != CONNECTION_OK) lost();
  throw_error(result);
}

void Session::lost() {
  std::string why = connection_ ? PQerrorMessage(connection_) : "no memory";
  while (!why.empty() && why.back() == '\n') why.pop_back();
  throw Failure(Failure::Kind::lost, fmt::format("PostgreSQL: {}", why));
}

SessionTransaction::SessionTransaction(Session& session) : session_(session) {
  session_.run("BEGIN");
}

SessionTransaction::~SessionTransaction() {
  if (!open_) return;
  try {
    session_.run("ROLLBACK");
  } catch (const std::exception&) {
    open_ = false;  // a server that is gone has rolled back by itself
  }
}

void SessionTransaction::commit() {
  open_ = false;
  session_.run("COMMIT");
}

}  // namespace rubricon::postgres
