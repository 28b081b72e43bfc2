// A Redis that answers, refuses, hangs or is away.
#include <rubricon/redis/connection.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/base/task_group.hpp>
#include <rubricon/memory/rate_buckets.hpp>
#include <rubricon/redis/live_redis_test.hpp>
#include <rubricon/redis/rate_buckets.hpp>
#include <rubricon/redis/recent_message_lists.hpp>

namespace rubricon::redis {
namespace {

using namespace std::chrono_literals;

/// How long `action` takes.
base::Milliseconds time_of(const std::function<void()>& action) {
  const auto begin = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration_cast<base::Milliseconds>(std::chrono::steady_clock::now() - begin);
}

TEST(RedisConnection, many_calls_at_once_get_each_their_own_answer) {
  LiveRedis redis;
  base::TaskGroup tasks(redis.io().get_executor(), [](std::exception_ptr) { FAIL(); });
  struct Caller {
    LiveRedis& redis;
    int answered = 0;
    base::Task<void> call(int n) {
      const auto word = std::to_string(n);
      const auto reply =
          co_await redis.connection().call(Command{"ECHO", word}, redis.within(8'000ms));
      EXPECT_EQ(*reply.text(), word);
      ++answered;
    }
  } caller{redis};
  for (int n = 0; n < 1'000; ++n) tasks.spawn(caller.call(n));
  redis.until([&] { return caller.answered == 1'000; });
}

TEST(RedisConnection, a_refusal_says_its_code_and_repeats_no_word) {
  LiveRedis redis;
  redis.call({"SET", "a", "text"});
  try {
    redis.call({"LPUSH", "a", "secret"});
    FAIL() << "it is no list";
  } catch (const base::Unavailable& fault) {
    EXPECT_STREQ(fault.what(), "redis refused a command: WRONGTYPE");
  }
  EXPECT_THROW(redis.call({"secret", "secret"}), base::Unavailable);
}

TEST(RedisConnection, a_call_whose_time_is_over_is_not_made) {
  LiveRedis redis;
  auto late = redis.connection().call(Command{"SET", "a", "1"}, base::Deadline::at({}));
  EXPECT_THROW(redis.run(std::move(late)), base::DeadlineExceeded);
  EXPECT_TRUE(redis.call({"GET", "a"}).nil());
}

TEST(RedisConnection, without_redis_calls_fail_at_once_and_callers_go_on) {
  PrivateServer server;
  LiveRedis redis(server.address(), LiveRedis::test_options());
  memory::RateBuckets local(redis.clock());
  RateBuckets limiter(redis.connection(), local, redis.metrics());
  RecentMessageLists recent(redis.connection());
  server.stop();
  redis.until([&] { return !redis.connection().usable(); });

  const auto took = time_of([&] {
    for (int n = 0; n < 200; ++n) {
      EXPECT_THROW(redis.call({"PING"}), base::Unavailable);
      EXPECT_FALSE(redis.connection().post(Command{"PING"}));
    }
  });
  EXPECT_LT(took, 1'000ms) << "a dead Redis costs no latency";
  const ports::Rate rate{.burst = 1, .per_second = 0.01};
  EXPECT_EQ(redis.run(limiter.take("a", rate, redis.within(8'000ms))).count(), 0);
  EXPECT_GT(redis.run(limiter.take("a", rate, redis.within(8'000ms))).count(), 0)
      << "limits hold in each process";
  const auto fill = [] -> base::Task<base::Result<ports::RecentPage>> {
    co_return ports::RecentPage(3);
  };
  const auto page = redis.run(recent.read({}, {}, fill, redis.within(8'000ms)));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->size(), 3u) << "the store was asked";
}

TEST(RedisConnection, calls_under_way_fail_when_the_connection_is_cut) {
  PrivateServer server;
  LiveRedis redis(server.address(), LiveRedis::test_options());
  LiveRedis other(server.address(), LiveRedis::test_options());
  auto waiting = boost::asio::co_spawn(
      redis.io(), redis.connection().call(Command{"BLPOP", "nothing", "0"}, redis.within(8'000ms)),
      boost::asio::use_future);
  redis.until([&] { return redis.counted("rubricon_redis_waiting_commands") == 1; });
  other.call({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
  redis.until([&] { return waiting.wait_for(0s) == std::future_status::ready; });
  EXPECT_THROW(waiting.get(), base::Unavailable);
  redis.until([&] { return redis.connection().usable(); });
  EXPECT_EQ(*redis.call({"ECHO", "a"}).text(), "a");
}

TEST(RedisConnection, a_redis_that_hangs_costs_one_wait_and_then_nothing) {
  PrivateServer server;
  auto options = LiveRedis::test_options();
  options.answer_max = 300ms;
  LiveRedis redis(server.address(), options);
  redis.call({"CLIENT", "PAUSE", "2000", "ALL"});
  const auto first = time_of([&] { EXPECT_THROW(redis.call({"PING"}), base::DeadlineExceeded); });
  EXPECT_GE(first, 250ms);
  const auto rest = time_of([&] {
    for (int n = 0; n < 100; ++n) EXPECT_THROW(redis.call({"PING"}), base::Unavailable);
  });
  EXPECT_LT(rest, 250ms);
  redis.until([&] { return redis.connection().usable(); });
  EXPECT_EQ(*redis.call({"ECHO", "b"}).text(), "b") << "no late answer is taken for another's";
  EXPECT_EQ(redis.counted("rubricon_redis_connects_total"), 1) << "it was the same connection";
}

TEST(RedisConnection, who_no_longer_waits_gets_no_answer_and_spoils_nobody_elses) {
  LiveRedis redis;
  base::TaskGroup leaving(redis.io().get_executor(), [](std::exception_ptr) { FAIL(); });
  struct Caller {
    LiveRedis& redis;
    bool answered = false;
    base::Task<void> call() {
      co_await redis.connection().call(Command{"BLPOP", "nothing", "0.2"}, redis.within(8'000ms));
      answered = true;
    }
  } caller{redis};
  leaving.spawn(caller.call());
  redis.until([&] { return redis.counted("rubricon_redis_waiting_commands") == 1; });
  redis.run(leaving.stop());
  EXPECT_EQ(*redis.call({"ECHO", "a"}).text(), "a");
  EXPECT_FALSE(caller.answered);
}

TEST(RedisConnection, calls_under_way_fail_when_it_is_stopped) {
  LiveRedis redis;
  observability::Metrics metrics;
  auto options = LiveRedis::test_options();
  options.line = redis.line();
  Connection connection(redis.io().get_executor(), options, redis.tools(), metrics);
  connection.start();
  redis.until([&] { return connection.usable(); });
  auto waiting = boost::asio::co_spawn(
      redis.io(), connection.call(Command{"BLPOP", "nothing", "0"}, redis.within(8'000ms)),
      boost::asio::use_future);
  redis.until([&] { return metrics.render().find("waiting_commands 1") != std::string::npos; });
  redis.run(connection.stop());
  redis.until([&] { return waiting.wait_for(0s) == std::future_status::ready; });
  EXPECT_THROW(waiting.get(), base::Unavailable);
  EXPECT_THROW(redis.run(connection.call(Command{"PING"}, redis.within(8'000ms))),
               base::Unavailable);
}

TEST(RedisConnection, what_nobody_answers_is_bounded) {
  PrivateServer server;
  auto options = LiveRedis::test_options();
  options.waiting_max = 4;
  LiveRedis redis(server.address(), options);
  redis.call({"CLIENT", "PAUSE", "1000", "ALL"});
  for (int n = 0; n < 4; ++n) EXPECT_TRUE(redis.connection().post(Command{"PING"}));
  EXPECT_FALSE(redis.connection().post(Command{"PING"}));
  EXPECT_THROW(redis.call({"PING"}), base::Unavailable);
  redis.until([&] { return redis.connection().usable(); });
}

}  // namespace
}  // namespace rubricon::redis
