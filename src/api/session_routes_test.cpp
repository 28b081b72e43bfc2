#include <rubricon/api/harness_test.hpp>

namespace rubricon::api {
namespace {

class SessionRoutesTest : public ApiFixture {
 protected:
  struct Entry {
    std::string token;
    std::string cookie;
  };
  Entry sign_in(const std::string& with = password) {
    const auto reply =
        send("POST", "/api/auth/login", {{"email", "lin@example.org"}, {"password", with}}, "");
    EXPECT_EQ(reply.status, 200u) << reply.text;
    return {std::string(reply.body().at("accessToken").as_string()), reply.cookie()};
  }
  unsigned sign_in_status(const std::string& with) {
    return send("POST", "/api/auth/login", {{"email", "lin@example.org"}, {"password", with}}, "")
        .status;
  }
  Reply change_password(const std::string& from, const std::string& to, const std::string& token) {
    return send("PUT", "/api/me/password", {{"password", from}, {"newPassword", to}}, token);
  }
  json::array sessions(const std::string& token) {
    return get("/api/me/sessions", token).body().at("sessions").as_array();
  }
  unsigned refresh_status(const std::string& cookie) {
    return call({.method = "POST",
                 .target = "/api/auth/refresh",
                 .body = "{}",
                 .headers = {{"Cookie", cookie}}})
        .status;
  }
};

TEST_F(SessionRoutesTest, OneSeesOnesOwnSessionsAndWhichOneThisIs) {
  const auto lin = sign_up("lin");
  sign_up("wang");
  clock.advance(std::chrono::minutes(1));
  const auto second = sign_in();
  const auto all = sessions(second.token);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].at("current"), json::value(true));
  EXPECT_EQ(all[1].at("current"), json::value(false));
  EXPECT_EQ(sessions(lin.token)[1].at("current"), json::value(true));
}

TEST_F(SessionRoutesTest, ASessionThatIsEndedLosesItsTokensAndItsCookieAtOnce) {
  const auto lin = sign_up("lin");
  clock.advance(std::chrono::minutes(1));
  const auto second = sign_in();
  const auto id = std::string(sessions(second.token)[1].at("id").as_string());
  EXPECT_EQ(remove("/api/me/sessions/" + id, second.token).status, 204u);
  EXPECT_EQ(get("/api/me", lin.token).code(), "session_revoked");
  EXPECT_EQ(refresh_status(lin.cookie), 401u);
  EXPECT_EQ(get("/api/me", second.token).status, 200u);
  EXPECT_EQ(sessions(second.token).size(), 1u);
  EXPECT_EQ(remove("/api/me/sessions/" + id, second.token).status, 204u) << "repeated";
  const auto events = get("/api/me/events", second.token).body().at("events").as_array();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].at("data").at("sessionId"), json::value(id));
}

TEST_F(SessionRoutesTest, EndingThisSessionIsSigningOut) {
  const auto lin = sign_up("lin");
  const auto id = std::string(sessions(lin.token)[0].at("id").as_string());
  const auto reply = remove("/api/me/sessions/" + id, lin.token);
  EXPECT_EQ(reply.status, 204u);
  EXPECT_TRUE(reply.header("Set-Cookie").contains("Max-Age=0"));
  EXPECT_EQ(get("/api/me", lin.token).status, 401u);
}

// S31: somebody else's session does not exist.
TEST_F(SessionRoutesTest, SessionsOfOthersCannotBeSeenOrEnded) {
  const auto lin = sign_up("lin"), mallory = sign_up("mallory");
  const auto id = std::string(sessions(lin.token)[0].at("id").as_string());
  EXPECT_EQ(sessions(mallory.token).size(), 1u);
  EXPECT_EQ(remove("/api/me/sessions/" + id, mallory.token).code(), "not_found");
  EXPECT_EQ(get("/api/me", lin.token).status, 200u);
}

TEST_F(SessionRoutesTest, ANewPasswordEndsEveryOtherSession) {
  const auto lin = sign_up("lin");
  const auto second = sign_in(), third = sign_in();
  EXPECT_EQ(change_password(password, "another horse", third.token).status, 204u);
  EXPECT_EQ(get("/api/me", lin.token).code(), "session_revoked");
  EXPECT_EQ(get("/api/me", second.token).code(), "session_revoked");
  EXPECT_EQ(refresh_status(second.cookie), 401u);
  EXPECT_EQ(get("/api/me", third.token).status, 200u);
  EXPECT_EQ(sign_in_status(password), 401u);
  EXPECT_EQ(sign_in_status("another horse"), 200u);
}

// S33: an open browser is no way to guess a password.
TEST_F(SessionRoutesTest, TheOldPasswordIsAskedForAndGuessingIsThrottled) {
  options.rate_limits.failures_per_pair = {3, 1.0 / 30};
  start();
  const auto lin = sign_up("lin");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(change_password("x", "another horse", lin.token).code(), "wrong_password");
  }
  EXPECT_EQ(change_password(password, "another horse", lin.token).status, 429u);
  clock.advance(std::chrono::seconds(30));
  EXPECT_EQ(change_password(password, "short", lin.token).status, 400u);
  EXPECT_EQ(change_password(password, "another horse", lin.token).status, 204u);
  EXPECT_FALSE(log_lines().contains("another horse"));
}

}  // namespace
}  // namespace rubricon::api
