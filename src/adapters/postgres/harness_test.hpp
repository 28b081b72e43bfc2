/// A fresh database on the test server, on a clock that tests move.
#pragma once

#include <rubricon/ports/contract/store_contract.hpp>
#include <rubricon/postgres/database.hpp>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>

namespace rubricon::postgres {

/// Stands still until it is moved.
class TestClock final : public ports::Clock {
 public:
  base::Time now() const override { return base::time_from_unix_ms(wall_ms_); }
  base::Instant monotonic() const override {
    return base::Instant() + base::Milliseconds(steady_ms_);
  }
  void advance(base::Milliseconds by) {
    wall_ms_ += by.count();
    steady_ms_ += by.count();
  }
  void move_wall(base::Milliseconds by) { wall_ms_ += by.count(); }

 private:
  std::int64_t wall_ms_ = 1'795'384'115'123;  // in November 2026
  std::int64_t steady_ms_ = 1'000;
};

/// The same bytes in every run for the same seed: two databases on one server need two.
class SeededRandom final : public ports::Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mt19937_64 engine_;
};

/// A connection of the test itself, past all that is tested. Blocks.
class Inspector {
 public:
  explicit Inspector(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
    if (PQstatus(connection_) != CONNECTION_OK) {
      const std::string why = PQerrorMessage(connection_);
      PQfinish(connection_);
      throw std::runtime_error(why);
    }
    PQsetNoticeProcessor(connection_, [](void*, const char*) {}, nullptr);
  }
  ~Inspector() { PQfinish(connection_); }
  Inspector(const Inspector&) = delete;
  Inspector& operator=(const Inspector&) = delete;

  /// The rows' fields as text, "|" between columns and a newline after each row.
  std::string run(const std::string& sql) {
    PGresult* const result = PQexec(connection_, sql.c_str());
    const auto status = PQresultStatus(result);
    std::string text = status == PGRES_FATAL_ERROR ? PQresultErrorMessage(result) : "";
    for (int row = 0; row < PQntuples(result); ++row) {
      for (int column = 0; column < PQnfields(result); ++column) {
        text += fmt::format("{}{}", column == 0 ? "" : "|", PQgetvalue(result, row, column));
      }
      text += '\n';
    }
    PQclear(result);
    if (status == PGRES_FATAL_ERROR) throw std::runtime_error(text);
    return text;
  }
  std::int64_t number(const std::string& sql) { return std::stoll(run(sql)); }

 private:
  PGconn* connection_;
};

/// What tools/services/postgres has written.
inline std::string server_url() {
  const char* const folder =
      std::getenv("RUBRICON_SERVICES_DIR");  // tidy: allow getenv because ctest tells it so
  std::ifstream file(std::string(folder ? folder : "build/dev/services") + "/postgres/url");
  std::string url;
  if (!std::getline(file, url)) throw std::runtime_error("the test server is not running");
  return url;
}

inline std::string url_of(const std::string& database) {
  const auto url = server_url();
  return url.substr(0, url.rfind('/') + 1) + database;
}

inline base::Task<void> bring_up(std::string url, TestClock* clock) {
  const auto deadline = base::Deadline::after(clock->monotonic(), std::chrono::seconds(60));
  const auto connection = co_await Connection::open({.url = url}, clock, deadline);
  co_await migrate(connection.get(), migrations(), clock->now(), deadline);
  co_await ensure_partitions(connection.get(), clock->now(), deadline);
}

/// A migrated database to copy, made once by whichever test comes first.
inline std::string template_database() {
  const auto hash = std::hash<std::string_view>()(migrations().back().sql);
  const auto name = fmt::format("template_{:x}", hash);
  Inspector server(server_url());
  server.run("SELECT pg_advisory_lock(1)");
  const auto known = fmt::format("SELECT count(*) FROM pg_database WHERE datname = '{}'", name);
  if (server.number(known) == 1) return name;
  server.run(fmt::format("CREATE DATABASE {}_raw", name));
  TestClock clock;
  boost::asio::io_context io;
  ports::contract::run_task(io, bring_up(url_of(name + "_raw"), &clock));
  server.run(fmt::format("ALTER DATABASE {}_raw RENAME TO {}", name, name));
  return name;
}

/// Removed at the end, whoever is still connected.
class TestDatabase {
 public:
  TestDatabase() {
    static std::atomic<int> made = 0;
    name_ = fmt::format("test_{}_{}", ::getpid(), ++made);
    const auto original = template_database();
    server_.run(fmt::format("CREATE DATABASE {} TEMPLATE {}", name_, original));
  }
  ~TestDatabase() { server_.run(fmt::format("DROP DATABASE {} WITH (FORCE)", name_)); }
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  std::string url() const { return url_of(name_); }

 private:
  Inspector server_{server_url()};
  std::string name_;
};

/// What one process has of a database.
struct Process {
  Process(boost::asio::io_context& io, Options options, const TestClock& clock, std::uint64_t seed)
      : random(seed), database(io.get_executor(), std::move(options), clock, random, log) {
    const auto deadline = base::Deadline::after(clock.monotonic(), std::chrono::seconds(60));
    ports::contract::run_task(io, database.start(deadline));
  }

  SeededRandom random;
  observability::Log log;
  Database database;
};

class DatabaseHarness final : public ports::contract::StoreHarness {
 public:
  explicit DatabaseHarness(Preparing preparing)
      : options{.connect = {.url = home.url(), .preparing = preparing}} {}

  void start(boost::asio::io_context& io) override { add_process(io); }
  void stop(boost::asio::io_context& io) override {
    for (auto& process : processes) ports::contract::run_task(io, process->database.stop());
    processes.clear();
  }

  /// Another one on the same server; the first is the one that the suites use.
  Database& add_process(boost::asio::io_context& io) {
    processes.push_back(std::make_unique<Process>(io, options, clock, 42 + processes.size()));
    return processes.back()->database;
  }

  ports::UserStore& users() override { return first().users(); }
  ports::SessionStore& sessions() override { return first().sessions(); }
  ports::ChatStore& chats() override { return first().chats(); }
  ports::MessageStore& messages() override { return first().messages(); }
  ports::EventStore& events() override { return first().events(); }
  ports::Outbox& outbox() override { return first().outbox(); }
  ports::JobStore& jobs() override { return first().jobs(); }
  ports::DeadJobs& dead_jobs() override { return first().dead_jobs(); }
  ports::Epochs& epochs() override { return first().epochs(); }
  ports::RubricStore& rubrics() override { return first().rubrics(); }
  ports::Imports* imports() override { return &first().imports(); }
  base::Time now() override { return clock.now(); }
  void advance(base::Milliseconds by) override { clock.advance(by); }
  void set_wall_clock_back(base::Milliseconds by) override { clock.move_wall(-by); }
  base::Instant monotonic() override { return clock.monotonic(); }

  Database& first() { return processes.front()->database; }

  TestDatabase home;
  TestClock clock;
  Options options;
  std::vector<std::unique_ptr<Process>> processes;
};

inline std::unique_ptr<ports::contract::StoreHarness> make_harness() {
  return std::make_unique<DatabaseHarness>(Preparing::named);
}

/// As behind a pooler that hands out its connections by transaction.
inline std::unique_ptr<ports::contract::StoreHarness> make_unprepared_harness() {
  return std::make_unique<DatabaseHarness>(Preparing::unnamed);
}

}  // namespace rubricon::postgres
