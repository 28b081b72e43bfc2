#include <rubricon/gateway/admin_namespace.hpp>

#include <rubricon/gateway/bench_test.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace rubricon::gateway {
namespace {

namespace json = boost::json;

/// Knows one administrator, and how often it was asked.
class OneAdmin final : public ports::PasswordLogin {
 public:
  base::Task<base::Result<domain::User>> sign_in(ports::PasswordAttempt attempt,
                                                 base::Deadline) override {
    ++asked;
    if (broken) throw base::Unavailable("the test broke the store");
    if (attempt.email != "chief" || attempt.password != "right") {
      co_return base::fail(base::ErrorCode::unauthenticated, "no", "invalid_credentials");
    }
    domain::User user;
    user.role = domain::UserRole::admin;
    co_return user;
  }

  int asked = 0;
  bool broken = false;
};

class AdminNamespaceTest : public Bench {
 protected:
  AdminNamespaceTest() { admin.start(); }
  ~AdminNamespaceTest() override {
    run(admin.stop());
    stop_gateway();
  }

  std::string admin_token(domain::SessionId session = {}) {
    domain::User user = ann;
    user.role = domain::UserRole::admin;
    return tokens.issue(user, session).token;
  }
  std::unique_ptr<SocketClient> enter(const json::object& auth) {
    auto client = std::make_unique<SocketClient>(io, port, "/admin");
    client->connect(auth);
    return client;
  }

  domain::User ann = make_user("ann");
  OneAdmin passwords;
  AdminNamespace admin{
      io.get_executor(),
      *server,
      {tokens, revocations, passwords, clock, random, log},
      {.hostname = "test", .stats_every = base::Milliseconds(10), .sessions_max = 2}};
};

TEST_F(AdminNamespaceTest, a_session_ends_in_time_and_the_oldest_when_there_are_too_many) {
  const auto by_password = object({{"username", "chief"}, {"password", "right"}});
  std::vector<json::object> sessions;
  for (int n = 0; n < 3; ++n) {
    const auto client = enter(by_password);
    sessions.push_back(object({{"sessionId", client->wait_for("session")}}));
    clock.advance(std::chrono::minutes(1));
  }
  EXPECT_FALSE(enter(sessions[0])->entered());
  const auto client = enter(sessions[2]);
  EXPECT_FALSE(client->wait_for("config").is_null());
  EXPECT_TRUE(client->received("session").empty());
  clock.advance(std::chrono::hours(8));
  EXPECT_TRUE(wait_until([&] { return client->told_to_stay_away(); }));
  EXPECT_FALSE(enter(sessions[2])->entered());
  EXPECT_EQ(passwords.asked, 3);
}

TEST_F(AdminNamespaceTest, a_token_is_good_until_it_ends_or_is_revoked) {
  const auto session = open_session(ann);
  const auto text = admin_token(session);
  const auto client = enter(object({{"token", text}}));
  EXPECT_FALSE(client->wait_for("server_stats", 3).is_null());
  revocations.revoke(session);
  EXPECT_TRUE(wait_until([&] { return client->told_to_stay_away(); }));
  EXPECT_FALSE(enter(object({{"token", text}}))->entered());

  const auto other = enter(object({{"token", admin_token()}}));
  EXPECT_FALSE(other->wait_for("config").is_null());
  clock.advance(std::chrono::minutes(16));
  EXPECT_TRUE(wait_until([&] { return other->told_to_stay_away(); }));
}

TEST_F(AdminNamespaceTest, refuses_teachers_and_those_of_whom_it_cannot_be_known) {
  EXPECT_FALSE(enter(object({{"token", token(make_user("bob"))}}))->entered());
  EXPECT_FALSE(enter(object({{"username", "chief"}, {"password", "wrong"}}))->entered());
  passwords.broken = true;
  EXPECT_FALSE(enter(object({{"username", "chief"}, {"password", "right"}}))->entered());
  EXPECT_EQ(passwords.asked, 2);
  EXPECT_FALSE(enter(json::object())->entered());
  EXPECT_EQ(passwords.asked, 2);
}

}  // namespace
}  // namespace rubricon::gateway
