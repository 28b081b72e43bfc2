#include <rubricon/redis/session.hpp>

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

TEST(RedisSession, speaks_over_a_local_socket_too) {
  PrivateServer server;
  const auto socket = server.folder() / "socket";
  LiveRedis redis(*parse_address("unix://" + socket.string()), LiveRedis::test_options());
  EXPECT_EQ(*redis.call({"ECHO", "a"}).text(), "a");
}

}  // namespace
}  // namespace rubricon::redis
