#include <rubricon/redis/session.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/redis/live_redis_test.hpp>

namespace rubricon::redis {
namespace {

TEST(RedisSession, signs_in_and_keeps_the_password_to_itself) {
  PrivateServer server;
  auto address = server.address();
  {
    LiveRedis admin(address, LiveRedis::test_options());
    admin.call({"ACL", "SETUSER", "ann", "on", ">right-secret", "~*", "&*", "+@all"});
    admin.call({"ACL", "SETUSER", "default", "resetpass", ">other-secret"});
  }
  address.user = "ann";
  address.password = "right-secret";
  LiveRedis ann(address, LiveRedis::test_options());
  EXPECT_EQ(*ann.call({"ACL", "WHOAMI"}).text(), "ann");
  address.user.clear();
  address.password = "other-secret";
  LiveRedis anybody(address, LiveRedis::test_options());
  EXPECT_EQ(*anybody.call({"ACL", "WHOAMI"}).text(), "default");

  std::string written;
  observability::Log log(
      {}, [] { return base::Time(); }, [&written](std::string_view line) { written += line; });
  observability::Metrics metrics;
  auto options = LiveRedis::test_options();
  options.line.session.address = address;
  options.line.session.address.password = "wrong-secret";
  Connection wrong(ann.io().get_executor(), options, {ann.clock(), ann.random(), log}, metrics);
  wrong.start();
  ann.until([&] { return written.find("redis.away") != std::string::npos; });
  ann.run(wrong.stop());
  EXPECT_FALSE(wrong.usable());
  EXPECT_NE(written.find("refused the password: WRONGPASS"), std::string::npos) << written;
  EXPECT_EQ(written.find("secret"), std::string::npos) << written;
}

TEST(RedisSession, finds_a_server_by_name_at_whichever_address_it_listens) {
  PrivateServer server;
  auto address = server.address();
  address.host = "localhost";
  LiveRedis redis(address, LiveRedis::test_options());
  EXPECT_EQ(*redis.call({"ECHO", "a"}).text(), "a");
}

TEST(RedisSession, says_in_words_why_there_is_none) {
  LiveRedis redis;
  const auto reason = [&redis](const std::string& url) -> std::string {
    SessionOptions options;
    options.address = *parse_address(url);
    try {
      redis.run(Session::dial(redis.io().get_executor(), options,
                              redis.within(base::Milliseconds(8'000))));
    } catch (const base::Unavailable& fault) {
      return fault.what();
    }
    return "there is one";
  };
  EXPECT_EQ(reason("redis://127.0.0.1:1"), "redis cannot be reached: Connection refused");
  EXPECT_EQ(reason("unix:///nowhere/at/all"), "redis cannot be reached: No such file or directory");
  EXPECT_EQ(reason(shared_server_url() + "99999"), "redis refused the database: ERR");
}

TEST(RedisSession, a_server_that_only_listens_is_given_up_in_time) {
  LiveRedis redis;
  boost::asio::ip::tcp::acceptor silent(redis.io(),
                                        {boost::asio::ip::make_address("127.0.0.1"), 0});
  SessionOptions options;
  options.address.port = silent.local_endpoint().port();
  auto dial =
      Session::dial(redis.io().get_executor(), options, redis.within(base::Milliseconds(100)));
  EXPECT_THROW(redis.run(std::move(dial)), base::DeadlineExceeded);
}

TEST(RedisSession, speaks_over_a_local_socket_too) {
  PrivateServer server;
  const auto socket = server.folder() / "socket";
  LiveRedis redis(*parse_address("unix://" + socket.string()), LiveRedis::test_options());
  EXPECT_EQ(*redis.call({"ECHO", "a"}).text(), "a");
}

}  // namespace
}  // namespace rubricon::redis
