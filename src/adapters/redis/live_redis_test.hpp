/// For tests with a real server: the one that ctest starts, in a database of the test's own; or one
/// that belongs to the test, which may stop it.
#pragma once

#include <rubricon/crypto/system_clock.hpp>
#include <rubricon/crypto/system_random.hpp>
#include <rubricon/ports/contract/run_task.hpp>
#include <rubricon/redis/connection.hpp>
#include <rubricon/redis/subscriber.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>

namespace rubricon::redis {

/// A server of one test; data, log and url are in a folder that goes with it.
class PrivateServer {
 public:
  PrivateServer() { start(); }
  ~PrivateServer() {
    stop();
    std::filesystem::remove_all(folder_);
  }
  PrivateServer(const PrivateServer&) = delete;
  PrivateServer& operator=(const PrivateServer&) = delete;

  void start() const { run("start"); }
  void stop() const { run("stop"); }
  std::string url() const {
    std::string line;
    std::ifstream(folder_ / "url") >> line;
    return line;
  }
  Address address() const { return *parse_address(url()); }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  void run(const char* verb) const {
    const auto command = fmt::format("{}/tools/services/redis {} {} >/dev/null",
                                     RUBRICON_SOURCE_DIR, verb, folder_.string());
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / fmt::format("rubricon-redis-{}", ::getpid());
};

inline std::string shared_server_url() {
  const auto* folder = std::getenv("RUBRICON_SERVICES_DIR");  // tidy: allow getenv because of ctest
  std::string url;
  if (folder) std::ifstream(std::filesystem::path(folder) / "redis" / "url") >> url;
  EXPECT_FALSE(url.empty()) << "run by ctest, which starts the server";
  return url;
}

/// An io_context, what adapters need, and a connection.
class LiveRedis {
 public:
  /// The shared server; an empty database.
  LiveRedis() : LiveRedis(*parse_address(shared_server_url()), test_options()) {
    call({"FLUSHDB"});
  }
  LiveRedis(Address address, ConnectionOptions options) : options_(std::move(options)) {
    options_.line.session.address = std::move(address);
    if (options_.line.session.address.database == 0) {
      options_.line.session.address.database = ::getpid() % 9'998 + 1;
    }
    connection_.emplace(io_.get_executor(), options_, tools(), metrics_);
    connection_->start();
    until([this] { return connection_->usable(); });
  }
  ~LiveRedis() { run(connection_->stop()); }
  LiveRedis(const LiveRedis&) = delete;
  LiveRedis& operator=(const LiveRedis&) = delete;

  /// Patient: a sanitizer on a busy machine is slow.
  static ConnectionOptions test_options() {
    ConnectionOptions options;
    options.answer_max = base::Milliseconds(8'000);
    options.line.retry_min = base::Milliseconds(10);
    options.line.retry_max = base::Milliseconds(50);
    return options;
  }

  boost::asio::io_context& io() { return io_; }
  Connection& connection() { return *connection_; }
  observability::Metrics& metrics() { return metrics_; }
  observability::Log& log() { return log_; }
  const ports::Clock& clock() { return clock_; }
  ports::Random& random() { return random_; }
  Tools tools() { return {clock_, random_, log_}; }
  const LineOptions& line() const { return options_.line; }

  base::Deadline within(base::Milliseconds time) {
    return base::Deadline::after(clock_.monotonic(), time);
  }
  Reply call(Command command) {
    return run(connection_->call(std::move(command), within(base::Milliseconds(8'000))));
  }
  template <typename T>
  T run(base::Task<T> task) {
    return ports::contract::run_task(io_, std::move(task));
  }
  /// Lets the executor work until it is so, 20 s at most.
  void until(const std::function<bool()>& so) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!so()) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << "waited in vain";
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(20));
    }
  }

  /// The value of a metric; -1 where there is none.
  double counted(const std::string& metric) const {
    const auto text = metrics_.render();
    const auto at = text.find("\n" + metric + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + metric.size() + 2));
  }

  /// Makes everything in the database older: scores and `at` are times, and keys expire.
  void advance(base::Milliseconds by) {
    Command age{"EVAL", R"(
      local by = tonumber(ARGV[1])
      for _, key in ipairs(redis.call('KEYS', '*')) do
        local kind = redis.call('TYPE', key).ok
        if kind == 'zset' then
          for _, member in ipairs(redis.call('ZRANGE', key, 0, -1)) do
            redis.call('ZINCRBY', key, -by, member)
          end
        elseif kind == 'hash' and redis.call('HEXISTS', key, 'at') == 1 then
          redis.call('HINCRBYFLOAT', key, 'at', -by)
        end
        local left = redis.call('PTTL', key)
        if left > by then redis.call('PEXPIRE', key, left - by)
        elseif left >= 0 then redis.call('DEL', key) end
      end)",
                "0"};
    age.add(by.count());
    call(std::move(age));
  }

 private:
  boost::asio::io_context io_;
  crypto::SystemClock clock_;
  crypto::SystemRandom random_;
  observability::Log log_;
  observability::Metrics metrics_;
  ConnectionOptions options_;
  std::optional<Connection> connection_;
};

/// What every contract's harness has.
template <typename Adapter>
class LiveHarness {
 public:
  boost::asio::io_context& io() { return redis_.io(); }
  void advance(base::Milliseconds by) { redis_.advance(by); }

 protected:
  LiveRedis redis_;
  Adapter adapter_{redis_.connection()};
};

}  // namespace rubricon::redis
