#include <rubricon/gateway/admin_namespace.hpp>

#include <rubricon/base/pause.hpp>
#include <rubricon/gateway/gateway_fixture_test.hpp>

#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

#include <memory>
#include <utility>

namespace rubricon::gateway {
namespace {

namespace json = boost::json;

/// Knows one administrator, and how often it was asked.
class OneAdmin final : public ports::PasswordLogin {
 public:
  OneAdmin(domain::User user, ports::SessionStore& sessions)
      : user_(std::move(user)), sessions_(sessions) {
    user_.role = domain::UserRole::admin;
  }

  base::Task<base::Result<ports::SessionUser>> sign_in(ports::PasswordAttempt attempt,
                                                       ports::SessionTerms terms,
                                                       base::Deadline deadline) override {
    ++asked;
    EXPECT_EQ(terms.only, domain::UserRole::admin);
    if (broken) throw base::Unavailable("the test broke the store");
    if (attempt.email != "chief" || attempt.password != "right") {
      co_return base::fail(base::ErrorCode::unauthenticated, "no", "invalid_credentials");
    }
    const auto session = co_await sessions_.open(user_.id, terms.token, terms.expires_at, deadline);
    opened = true;
    while (held) co_await base::pause(base::Milliseconds(1));
    co_return ports::SessionUser{session, user_};
  }

  int asked = 0;
  bool broken = false;
  bool held = false;  ///< keeps whoever has a session already waiting
  bool opened = false;

 private:
  domain::User user_;
  ports::SessionStore& sessions_;
};

class AdminNamespaceTest : public GatewayFixture {
 protected:
  explicit AdminNamespaceTest(base::Milliseconds tick = base::Milliseconds(10))
      : stats_every(tick) {
    admin.start();
  }
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

  base::Milliseconds stats_every;
  domain::User ann = make_user("ann");
  OneAdmin passwords{ann, database.sessions()};
  AdminNamespace admin{
      io.get_executor(),
      *server,
      {tokens, revocations, passwords, database.sessions(), broker, clock, random, log},
      {.hostname = "test", .stats_every = stats_every, .sessions_max = 2}};
  json::object by_password = object({{"username", "chief"}, {"password", "right"}});
};

/// One that looks at nothing by itself, so that what it does comes of an event.
class AdminNamespaceAtRestTest : public AdminNamespaceTest {
 protected:
  AdminNamespaceAtRestTest() : AdminNamespaceTest(std::chrono::hours(1)) {}

  /// The session that an entrance by password has opened.
  domain::SessionId newest_session() {
    return run(database.sessions().list(ann.id, 1, soon())).at(0).id;
  }
};

TEST_F(AdminNamespaceTest, a_session_ends_in_time_and_the_oldest_when_there_are_too_many) {
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

TEST_F(AdminNamespaceAtRestTest, a_sign_in_by_password_ends_where_its_session_is_ended) {
  const auto client = enter(by_password);
  const auto secret = object({{"sessionId", client->wait_for("session")}});
  const auto session = newest_session();
  const auto other = enter(by_password);
  const auto other_secret = object({{"sessionId", other->wait_for("session")}});
  const auto again = enter(secret);
  EXPECT_FALSE(again->wait_for("config").is_null());
  EXPECT_TRUE(run(database.sessions().revoke(ann.id, session, soon())));
  relay();
  EXPECT_TRUE(wait_until([&] { return client->told_to_stay_away(); }));
  EXPECT_TRUE(wait_until([&] { return again->told_to_stay_away(); }));
  EXPECT_FALSE(enter(secret)->entered());
  EXPECT_TRUE(enter(other_secret)->entered());
  EXPECT_FALSE(other->told_to_stay_away());
}

TEST_F(AdminNamespaceAtRestTest, a_new_password_ends_every_sign_in_by_the_old_one) {
  const auto client = enter(by_password);
  const auto secret = object({{"sessionId", client->wait_for("session")}});
  const auto kept = open_session(ann);
  const auto account =
      run(database.users().find_by_email(domain::Email::parse(ann.email).value(), soon()));
  EXPECT_TRUE(run(database.users().change_password({.user = ann.id,
                                                    .present_hash = account->password_hash,
                                                    .next_hash = "another hash",
                                                    .kept = kept},
                                                   soon())));
  relay();
  EXPECT_TRUE(wait_until([&] { return client->told_to_stay_away(); }));
  EXPECT_FALSE(enter(secret)->entered());
}

TEST_F(AdminNamespaceAtRestTest, signs_in_anew_where_the_end_of_a_session_may_have_been_missed) {
  const auto client = enter(by_password);
  const auto secret = object({{"sessionId", client->wait_for("session")}});
  const auto by_token = enter(object({{"token", admin_token(open_session(ann))}}));
  broker.drop_connections();
  EXPECT_TRUE(wait_until([&] { return client->told_to_stay_away(); }));
  EXPECT_FALSE(enter(secret)->entered());
  EXPECT_FALSE(by_token->told_to_stay_away());
}

TEST_F(AdminNamespaceTest, whoever_leaves_during_a_sign_in_leaves_no_session) {
  passwords.held = true;
  auto client = std::make_unique<SocketClient>(io, port, "/admin");
  client->send_text("40/admin," + json::serialize(by_password));
  EXPECT_TRUE(wait_until([&] { return passwords.opened; }));
  const auto sessions = [&] { return run(database.sessions().list(ann.id, 10, soon())).size(); };
  EXPECT_EQ(sessions(), 1u);
  client->close();
  EXPECT_TRUE(wait_until([&] { return server->counters().websocket_now == 0; }));
  passwords.held = false;
  EXPECT_TRUE(wait_until([&] { return sessions() == 0; }));
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
