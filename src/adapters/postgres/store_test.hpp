/// For tests of the whole adapter: the suites' helpers, several processes, and somebody else who
/// looks into the server.
#pragma once

#include <rubricon/postgres/harness_test.hpp>

#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace rubricon::postgres {

class StoreTest : public ports::contract::StoreContract {
 protected:
  DatabaseHarness& home() { return static_cast<DatabaseHarness&>(*harness); }

  /// Begins a call; its result is in the future once `io` has run long enough.
  template <typename T>
  std::future<T> begin(base::Task<T> task) {
    return boost::asio::co_spawn(io, std::move(task), boost::asio::use_future);
  }
  template <typename T>
  static bool ready(const std::future<T>& future) {
    return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }

  /// Runs the shard until `condition` holds; fails the test where it does not.
  template <typename Condition>
  void run_until(Condition condition) {
    const auto begun = std::chrono::steady_clock::now();
    while (!condition()) {
      io.restart();
      io.run_one_for(std::chrono::milliseconds(5));
      if (std::chrono::steady_clock::now() - begun > std::chrono::minutes(1)) {
        throw std::runtime_error("the condition does not come");
      }
    }
  }
  template <typename T>
  T end(std::future<T> future) {
    run_until([&future] { return ready(future); });
    return future.get();
  }

  /// Connections of ours that wait for a lock.
  std::int64_t waiting_for_locks() {
    return watcher.number(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND wait_event_type = 'Lock'");
  }
  void terminate_those_that_wait() {
    watcher.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'");
  }

  /// What a chat's stream is, as the server has it: each seq once, without holes.
  void expect_whole(const domain::Chat& chat) {
    const auto id = chat.id.to_string();
    const auto head =
        inspector.number(fmt::format("SELECT last_seq FROM chats WHERE id = '{}'", id));
    EXPECT_EQ(
        inspector.run(fmt::format(
            "SELECT count(*), count(DISTINCT seq), max(seq) FROM events WHERE stream = '{}'", id)),
        fmt::format("{0}|{0}|{0}\n", head));
  }
  std::int64_t messages_in(const domain::Chat& chat) {
    return inspector.number(
        fmt::format("SELECT count(*) FROM messages WHERE chat_id = '{}'", chat.id.to_string()));
  }

  Inspector inspector{home().home.url()};
  /// Never in a transaction, where the server's activity would stand still.
  Inspector watcher{home().home.url()};
};

}  // namespace rubricon::postgres
