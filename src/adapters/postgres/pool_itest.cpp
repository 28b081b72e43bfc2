// tests: reader.cpp
// tests: waiter.cpp
#include <rubricon/postgres/pool.hpp>

#include <rubricon/postgres/failure.hpp>
#include <rubricon/postgres/reader.hpp>
#include <rubricon/postgres/store_test.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <fmt/format.h>

namespace rubricon::postgres {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class PoolTest : public StoreTest {
 protected:
  static constexpr std::size_t connections = 2;

  void SetUp() override { pool.emplace(make_pool(home().home.url())); }
  void TearDown() override { pool->close(); }

  Pool make_pool(std::string url) {
    return Pool(io.get_executor(),
                {.connect = {.url = std::move(url)}, .connections = connections, .waiting_max = 3},
                home().clock, log);
  }
  base::Deadline in(base::Instant::duration time) {
    return base::Deadline::after(harness->monotonic(), time);
  }
  std::unique_ptr<Pool::Lease> lend() {
    return std::make_unique<Pool::Lease>(run(pool->acquire(soon())));
  }
  std::int64_t process_of(Pool::Lease& lease) {
    auto answers = run(lease->run(together(query("SELECT pg_backend_pid()")), soon()));
    return answers.front().front().integer(0);
  }

  observability::Log log;
  std::optional<Pool> pool;
};

TEST_P(PoolTest, connections_are_used_again) {
  auto first = lend();
  const auto process = process_of(*first);
  first.reset();
  first = lend();
  EXPECT_EQ(process_of(*first), process);
}

TEST_P(PoolTest, whoever_comes_when_all_are_lent_waits_in_line) {
  auto one = lend();
  auto two = lend();
  std::vector<int> order;
  const auto take = [](Pool* from, base::Deadline deadline, std::vector<int>* out,
                       int number) -> base::Task<void> {
    const auto lease = co_await from->acquire(deadline);
    out->push_back(number);
  };
  std::vector<std::future<void>> waiting;
  for (int i = 0; i < 3; ++i) waiting.push_back(begin(take(&*pool, soon(), &order, i)));
  run_until([this] { return pool->waiting() == 3; });
  EXPECT_THROW(run(pool->acquire(soon())), base::Unavailable) << "the line is full";
  one.reset();
  for (auto& each : waiting) end(std::move(each));
  EXPECT_THAT(order, testing::ElementsAre(0, 1, 2));
}

TEST_P(PoolTest, whoever_leaves_the_line_is_not_missed) {
  auto one = lend();
  auto two = lend();
  EXPECT_THROW(run(pool->acquire(in(milliseconds(20)))), base::DeadlineExceeded);
  EXPECT_THROW(run(pool->acquire(in(seconds(0)))), base::DeadlineExceeded);
  boost::asio::cancellation_signal cancel;
  std::exception_ptr ended;
  std::optional<Pool::Lease> lease;
  boost::asio::co_spawn(
      io, ports::contract::keep(pool->acquire(soon()), &lease),
      boost::asio::bind_cancellation_slot(
          cancel.slot(), [&ended](std::exception_ptr error) { ended = std::move(error); }));
  run_until([this] { return pool->waiting() == 1; });
  cancel.emit(boost::asio::cancellation_type::terminal);
  run_until([&ended] { return ended != nullptr; });
  EXPECT_EQ(pool->waiting(), 0u);
  two.reset();
  EXPECT_NO_THROW(lend());
}

TEST_P(PoolTest, a_connection_that_died_or_is_in_a_transaction_goes_to_nobody) {
  auto one = lend();
  const auto process = process_of(*one);
  run((*one)->run(together(query("BEGIN")), soon()));
  one.reset();
  one = lend();
  const auto next = process_of(*one);
  EXPECT_NE(next, process);
  one.reset();
  inspector.run(fmt::format("SELECT pg_terminate_backend({}, 5000)", next));
  one = lend();
  EXPECT_NE(process_of(*one), next);
}

TEST_P(PoolTest, a_server_that_stays_away_is_unavailable_at_the_deadline) {
  auto nowhere = make_pool("postgresql://127.0.0.1:1/none");
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_THROW(run(nowhere.acquire(in(milliseconds(300)))), Failure);
  EXPECT_GT(std::chrono::steady_clock::now() - begun, milliseconds(100))
      << "it tried more than once";
}

TEST_P(PoolTest, a_closed_pool_lends_nothing) {
  auto one = lend();
  pool->close();
  one.reset();
  EXPECT_THROW(run(pool->acquire(soon())), base::Unavailable);
}

TEST_P(PoolTest, several_reads_see_one_instant) {
  // The second read waits for a lock while somebody changes what the third one reads.
  Reader reader(*pool);
  inspector.run("CREATE TABLE a (x integer); INSERT INTO a VALUES (1); CREATE TABLE gate ()");
  inspector.run("BEGIN; LOCK TABLE gate IN ACCESS EXCLUSIVE MODE");
  auto reading = begin(reader.ask_all(
      together(query("SELECT x FROM a"), query("SELECT FROM gate"), query("SELECT x FROM a")),
      soon()));
  run_until([this] { return waiting_for_locks() == 1; });
  inspector.run("UPDATE a SET x = 2");
  inspector.run("COMMIT");
  const auto answers = end(std::move(reading));
  EXPECT_EQ(answers[0].front().integer(0), 1);
  EXPECT_EQ(answers[2].front().integer(0), 1);
}

TEST_P(PoolTest, a_read_whose_server_went_away_is_asked_again) {
  Reader reader(*pool);
  inspector.run("CREATE TABLE gate ()");
  inspector.run("BEGIN; LOCK TABLE gate IN ACCESS EXCLUSIVE MODE");
  std::optional<Answer> answer;
  auto reading =
      begin(ports::contract::keep(reader.ask(query("SELECT count(*) FROM gate"), soon()), &answer));
  run_until([this] { return waiting_for_locks() == 1; });
  terminate_those_that_wait();
  inspector.run("COMMIT");
  end(std::move(reading));
  EXPECT_EQ(answer->front().integer(0), 0);
}

// A machine that is gone refuses nobody.
TEST_P(PoolTest, of_two_servers_one_may_say_nothing) {
  using boost::asio::ip::tcp;
  const tcp::acceptor silent(io, {boost::asio::ip::address_v4::loopback(), 0});
  const std::string here = "127.0.0.1:";
  auto url = home().home.url();
  url.replace(url.find(here), here.size(),
              fmt::format("127.0.0.1:{},127.0.0.1:", silent.local_endpoint().port()));
  Pool both(io.get_executor(),
            {.connect = {.url = url, .connect_timeout = milliseconds(200)}, .connections = 2},
            home().clock, log);
  auto first = run(both.acquire(soon()));
  EXPECT_EQ(run(first->run(together(query("SELECT 1")), soon())).front().front().integer(0), 1);
  both.close();
}

INSTANTIATE_TEST_SUITE_P(Postgres, PoolTest, testing::Values(make_harness));

}  // namespace
}  // namespace rubricon::postgres
