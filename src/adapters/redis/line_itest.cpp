// A Redis that goes and comes back, says nothing, or is none.
#include <rubricon/redis/line.hpp>

#include <rubricon/redis/live_redis_test.hpp>
#include <rubricon/redis/script.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <csignal>

namespace rubricon::redis {
namespace {

using namespace std::chrono_literals;

TEST(RedisLine, comes_back_by_itself_when_the_server_does) {
  PrivateServer server;
  LiveRedis redis(server.address(), LiveRedis::test_options());
  Script script(redis.connection(), "return redis.call('INCR', KEYS[1])");
  const auto run = [&] {
    return *redis.run(script.run({"n"}, {}, redis.within(8'000ms))).integer();
  };
  EXPECT_EQ(run(), 1);
  EXPECT_EQ(run(), 2);
  server.stop();
  redis.until([&] { return !redis.connection().usable(); });
  server.start();
  redis.until([&] { return redis.connection().usable(); });
  EXPECT_EQ(run(), 1) << "neither the number nor the script is known there any more";
  EXPECT_EQ(redis.counted("rubricon_redis_connects_total"), 2);
  EXPECT_EQ(redis.counted("rubricon_redis_up"), 1);
}

TEST(RedisLine, gives_up_a_connection_on_which_nothing_is_heard) {
  PrivateServer server;
  auto options = LiveRedis::test_options();
  options.line.ping_every = 50ms;
  options.line.silence_max = 200ms;
  options.line.dial_timeout = 200ms;
  LiveRedis redis(server.address(), options);
  std::ifstream file(server.folder() / "pid");
  int pid = 0;
  file >> pid;
  ASSERT_EQ(::kill(pid, SIGSTOP), 0);
  redis.until([&] { return redis.counted("rubricon_redis_up") == 0; });
  ASSERT_EQ(::kill(pid, SIGCONT), 0);
  redis.until([&] { return redis.connection().usable(); });
  EXPECT_EQ(redis.counted("rubricon_redis_connects_total"), 2);
}

TEST(RedisLine, an_idle_connection_stays) {
  PrivateServer server;
  auto options = LiveRedis::test_options();
  options.line.ping_every = 10ms;
  options.line.silence_max = 5'000ms;
  LiveRedis redis(server.address(), options);
  const auto before = *redis.call({"CLIENT", "ID"}).integer();
  const auto later = std::chrono::steady_clock::now() + 200ms;
  redis.until([&] { return std::chrono::steady_clock::now() > later; });
  EXPECT_EQ(*redis.call({"CLIENT", "ID"}).integer(), before);
}

TEST(RedisLine, what_is_no_redis_is_away) {
  LiveRedis redis;
  boost::asio::ip::tcp::acceptor acceptor(redis.io(),
                                          {boost::asio::ip::make_address("127.0.0.1"), 0});
  int accepted = 0;
  std::vector<boost::asio::ip::tcp::socket> clients;
  std::function<void()> accept = [&] {
    acceptor.async_accept([&](boost::system::error_code error, boost::asio::ip::tcp::socket peer) {
      if (error) return;
      ++accepted;
      boost::asio::write(peer,
                         boost::asio::buffer(std::string("HTTP/1.1 400 Bad Request\r\n\r\n")));
      clients.push_back(std::move(peer));
      accept();
    });
  };
  accept();
  auto options = LiveRedis::test_options();
  options.line.session.address = {.port = acceptor.local_endpoint().port()};
  Connection connection(redis.io().get_executor(), options, redis.tools(), redis.metrics());
  connection.start();
  redis.until([&] { return accepted >= 3; });
  EXPECT_FALSE(connection.usable());
  redis.run(connection.stop());
}

}  // namespace
}  // namespace rubricon::redis
