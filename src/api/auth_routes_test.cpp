// tests: password_check.cpp
#include <rubricon/api/harness_test.hpp>
#include <rubricon/base/fault.hpp>

namespace rubricon::api {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;

class AuthRoutesTest : public ApiFixture {
 protected:
  Reply login(const std::string& email, const std::string& secret) {
    return send("POST", "/api/auth/login", {{"email", email}, {"password", secret}}, "");
  }
  Reply refresh(const std::string& cookie) {
    return call({.method = "POST",
                 .target = "/api/auth/refresh",
                 .body = "{}",
                 .headers = {{"Cookie", cookie}}});
  }
  Reply logout(const std::string& cookie, const std::string& token) {
    return call({.method = "POST",
                 .target = "/api/auth/logout",
                 .body = "{}",
                 .token = token,
                 .headers = {{"Cookie", cookie}}});
  }
  std::string status_of_token(const std::string& token) {
    const auto reply = get("/api/me", token);
    return reply.status == 200 ? "good" : reply.code();
  }
};

TEST_F(AuthRoutesTest, RegisteringSignsInAndTheFirstUserIsAdministrator) {
  const auto reply = send("POST", "/api/auth/register",
                          {{"email", "Lin@Example.org"},
                           {"name", " 林老師 "},
                           {"password", password},
                           {"locale", "en"}},
                          "");
  ASSERT_EQ(reply.status, 201u);
  const auto body = reply.body();
  EXPECT_EQ(body.at("expiresIn"), json::value(900));
  const auto& user = body.at("user").as_object();
  EXPECT_EQ(user.at("email"), json::value("lin@example.org"));
  EXPECT_EQ(user.at("name"), json::value("林老師"));
  EXPECT_EQ(user.at("role"), json::value("admin"));
  EXPECT_EQ(user.at("locale"), json::value("en"));
  EXPECT_TRUE(reply.header("Set-Cookie").starts_with("rubricon-refresh="));
  EXPECT_TRUE(reply.header("Set-Cookie").contains("HttpOnly; SameSite=Strict"));

  const auto second = sign_up("wang");
  EXPECT_EQ(get("/api/me", second.token).body().at("role"), json::value("teacher"));
}

TEST_F(AuthRoutesTest, AnAddressHasOneAccount) {
  sign_up("lin");
  const auto reply =
      send("POST", "/api/auth/register",
           {{"email", "LIN@example.org"}, {"name", "x"}, {"password", password}}, "");
  EXPECT_EQ(reply.status, 409u);
  EXPECT_EQ(reply.code(), "email_taken");
}

// With sign-up closed nobody can find out who has an account either.
TEST_F(AuthRoutesTest, ClosedSignUpTakesTheFirstUserOnly) {
  for (const auto signup : {Signup::first, Signup::invite}) {
    options.signup = signup;
    start();
    if (signup == Signup::first) sign_up("lin");
    for (const char* email : {"wang@example.org", "lin@example.org"}) {
      const auto reply = send("POST", "/api/auth/register",
                              {{"email", email}, {"name", "x"}, {"password", password}}, "");
      EXPECT_EQ(reply.status, 403u);
      EXPECT_EQ(reply.code(), "signup_closed");
      EXPECT_TRUE(reply.text.contains("administrator"));
    }
  }
}

TEST_F(AuthRoutesTest, RegistrationNamesEveryBadField) {
  const auto code = [&](const json::object& body) {
    const auto reply = send("POST", "/api/auth/register", body, "");
    EXPECT_EQ(reply.status, 400u) << reply.text;
    return reply.code();
  };
  const json::object good{{"email", "a@b.example"}, {"name", "a"}, {"password", password}};
  const auto with = [&](std::string_view name, std::string_view value) {
    auto body = good;
    body[name] = value;
    return body;
  };
  EXPECT_EQ(code(with("email", "nobody")), "invalid_email");
  EXPECT_EQ(code(with("email", "a@b@c")), "invalid_email");
  EXPECT_EQ(code(with("name", "  ")), "empty");
  EXPECT_EQ(code(with("name", std::string(101, 'x'))), "too_long");
  EXPECT_EQ(code(with("name", "a\nb")), "control_character");
  EXPECT_EQ(code(with("password", "short")), "too_short");
  EXPECT_EQ(code(with("password", std::string(257, 'x'))), "too_long");
  EXPECT_EQ(code(with("locale", "fr")), "unknown_value");
  EXPECT_EQ(code(with("role", "admin")), "unknown_field");
  const auto reply = send("POST", "/api/auth/register", {{"email", 1}, {"nmae", "x"}}, "");
  EXPECT_EQ(reply.body().at("errors").as_array().size(), 4u) << reply.text;
}

TEST_F(AuthRoutesTest, SigningInNeedsTheRightPassword) {
  sign_up("lin");
  const auto right = login("lin@example.org", password);
  EXPECT_EQ(right.status, 200u);
  EXPECT_EQ(status_of_token(std::string(right.body().at("accessToken").as_string())), "good");
  EXPECT_EQ(login("LIN@example.org", password).status, 200u);
  EXPECT_EQ(login("lin@example.org", "wrong horse battery").code(), "invalid_credentials");
}

// S33: nothing in the answer tells an unknown address from a wrong password.
TEST_F(AuthRoutesTest, UnknownUsersAndWrongPasswordsGetTheSameAnswer) {
  sign_up("lin");
  const auto without_trace = [](const Reply& reply) {
    auto body = reply.body();
    body.erase("traceId");
    return json::serialize(body);
  };
  const auto wrong = login("lin@example.org", "wrong horse battery");
  EXPECT_EQ(wrong.status, 401u);
  for (const auto& other : {login("nobody@example.org", "wrong horse battery"),
                            login("lin@example.org", "x"), login("nobody@example.org", "x")}) {
    EXPECT_EQ(other.status, 401u);
    EXPECT_EQ(without_trace(other), without_trace(wrong));
    EXPECT_EQ(other.headers.size(), wrong.headers.size());
  }
  const auto work = [this](const char* email) {
    const json::object body{{"email", email}, {"password", "wrong horse battery"}};
    return work_of({.method = "POST", .target = "/api/auth/login", .body = json::serialize(body)});
  };
  EXPECT_EQ(work("nobody@example.org"), work("lin@example.org"));
  EXPECT_EQ(work("lin@example.org").hashes, 1u);
}

TEST_F(AuthRoutesTest, GuessingIsSlowedDownAndForgivenLater) {
  sign_up("lin");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(login("lin@example.org", "wrong guess").status, 401u);
  const auto throttled = login("lin@example.org", password);
  EXPECT_EQ(throttled.status, 429u);
  EXPECT_EQ(throttled.code(), "rate_limited");
  clock.advance(minutes(6));
  EXPECT_EQ(login("lin@example.org", password).status, 200u);
}

TEST_F(AuthRoutesTest, ARefreshTokenIsReplacedByEachUse) {
  const auto account = sign_up("lin");
  const auto first = refresh(account.cookie);
  ASSERT_EQ(first.status, 200u) << first.text;
  EXPECT_NE(first.cookie(), account.cookie);
  EXPECT_EQ(status_of_token(std::string(first.body().at("accessToken").as_string())), "good");
  const auto second = refresh(first.cookie());
  EXPECT_EQ(second.status, 200u);
  EXPECT_NE(second.cookie(), first.cookie());
}

// S4: the reply was lost, or two tabs raced. Both get the same successor, nobody is signed out.
TEST_F(AuthRoutesTest, ARepeatedRefreshWithinTheGraceGetsTheSameSuccessor) {
  const auto account = sign_up("lin");
  const auto first = refresh(account.cookie);
  clock.advance(seconds(9));
  const auto again = refresh(account.cookie);
  EXPECT_EQ(again.status, 200u);
  EXPECT_EQ(again.cookie(), first.cookie());
  EXPECT_EQ(refresh(first.cookie()).status, 200u);
  // Two generations behind: whoever asks has a newer cookie somewhere, or is not the owner.
  EXPECT_EQ(refresh(account.cookie).code(), "recently_rotated");
}

// RFC 9700 §4.14.2: the thief's copy and the owner's die together.
TEST_F(AuthRoutesTest, UsingAReplacedRefreshTokenEndsTheWholeFamily) {
  const auto account = sign_up("lin");
  const auto other_device = login("lin@example.org", password);
  const auto successor = refresh(account.cookie);
  ASSERT_EQ(successor.status, 200u);
  clock.advance(seconds(11));

  const auto reused = refresh(account.cookie);
  EXPECT_EQ(reused.status, 401u);
  EXPECT_EQ(reused.code(), "refresh_reused");
  EXPECT_TRUE(reused.header("Set-Cookie").contains("Max-Age=0"));
  EXPECT_EQ(refresh(successor.cookie()).code(), "refresh_invalid");
  EXPECT_EQ(refresh(account.cookie).code(), "refresh_invalid");
  EXPECT_EQ(refresh(other_device.cookie()).status, 200u) << "another sign-in is another family";
  // The ended session is an event of the user's stream: that is how sockets hear of it.
  const auto token =
      std::string(login("lin@example.org", password).body().at("accessToken").as_string());
  const auto events = get("/api/me/events", token).body().at("events").as_array();
  EXPECT_TRUE(std::ranges::any_of(events, [](const json::value& event) {
    return event.at("type") == json::value("session-revoked");
  }));
  EXPECT_TRUE(log_lines().contains("api.refresh_reused"));
}

TEST_F(AuthRoutesTest, WhatIsNoRefreshTokenIsRefused) {
  EXPECT_EQ(refresh("").code(), "refresh_missing");
  EXPECT_EQ(refresh("rubricon-refresh=short").code(), "refresh_missing");
  EXPECT_EQ(refresh("rubricon-refresh=" + std::string(43, 'a')).code(), "refresh_invalid");
  const auto account = sign_up("lin");
  // An access token is not a refresh token, nor the reverse (S2).
  EXPECT_EQ(refresh("rubricon-refresh=" + account.token).code(), "refresh_missing");
  const auto cookie_value = account.cookie.substr(account.cookie.find('=') + 1);
  EXPECT_EQ(status_of_token(cookie_value), "unauthenticated");
}

TEST_F(AuthRoutesTest, ASessionEndsAfterThirtyDaysWhateverHappens) {
  auto cookie = sign_up("lin").cookie;
  for (int i = 0; i < 29; ++i) {
    clock.advance(days(1));
    const auto reply = refresh(cookie);
    ASSERT_EQ(reply.status, 200u) << "day " << i;
    cookie = reply.cookie();
  }
  clock.advance(days(1));
  EXPECT_EQ(refresh(cookie).code(), "refresh_invalid");
}

TEST_F(AuthRoutesTest, SigningOutEndsTheSessionsTokensAtOnce) {
  const auto account = sign_up("lin");
  const auto other = login("lin@example.org", password);
  const auto reply = logout(account.cookie, account.token);
  EXPECT_EQ(reply.status, 204u);
  EXPECT_TRUE(reply.header("Set-Cookie").contains("Max-Age=0"));
  EXPECT_EQ(status_of_token(account.token), "session_revoked");
  EXPECT_EQ(refresh(account.cookie).code(), "refresh_invalid");
  EXPECT_EQ(status_of_token(std::string(other.body().at("accessToken").as_string())), "good");
}

/// A session store that cannot end anything.
class DeafSessions final : public ports::SessionStore {
 public:
  base::Task<std::vector<ports::Revocation>> revoked_since(base::Time, base::Deadline) override {
    co_return std::vector<ports::Revocation>();
  }
  base::Task<domain::SessionId> open(domain::UserId, ports::TokenHash, base::Time,
                                     base::Deadline) override {
    throw base::Unavailable("away");
  }
  base::Task<base::Result<ports::SessionUser>> rotate(ports::TokenHash, ports::TokenHash,
                                                      base::Milliseconds, base::Deadline) override {
    throw base::Unavailable("away");
  }
  base::Task<void> revoke_by_token(ports::TokenHash, base::Deadline) override {
    throw base::Unavailable("away");
  }
  base::Task<base::Result<void>> revoke(domain::UserId, domain::SessionId,
                                        base::Deadline) override {
    throw base::Unavailable("away");
  }
  base::Task<std::vector<ports::OpenSession>> list(domain::UserId, std::size_t,
                                                   base::Deadline) override {
    throw base::Unavailable("away");
  }
};

TEST_F(AuthRoutesTest, ASignOutThatTheStoreMissedCanBeRepeated) {
  const auto account = sign_up("lin");
  DeafSessions sessions;
  start({.sessions = &sessions});
  EXPECT_EQ(logout("", account.token).status, 503u);
  EXPECT_EQ(status_of_token(account.token), "good") << "whoever asks again must be known";
  start();
  EXPECT_EQ(logout("", account.token).status, 204u);
  EXPECT_EQ(status_of_token(account.token), "session_revoked");
}

TEST_F(AuthRoutesTest, SigningOutWorksWithTheCookieAloneAndWithNothing) {
  const auto account = sign_up("lin");
  EXPECT_EQ(logout(account.cookie, "").status, 204u);
  EXPECT_EQ(refresh(account.cookie).code(), "refresh_invalid");
  EXPECT_EQ(logout("", "").status, 204u);
  EXPECT_EQ(logout("", "garbage").status, 204u);
}

TEST_F(AuthRoutesTest, AccessTokensExpire) {
  const auto account = sign_up("lin");
  clock.advance(minutes(15));
  const auto reply = get("/api/me", account.token);
  EXPECT_EQ(reply.status, 401u);
  EXPECT_EQ(reply.code(), "token_expired");
  EXPECT_TRUE(reply.header("WWW-Authenticate").contains("invalid_token"));
}

// S36: what is logged about all this contains no secret and no address of a person.
TEST_F(AuthRoutesTest, NeitherTokensNorPasswordsNorAddressesAreLogged) {
  const auto account = sign_up("lin");
  (void)login("lin@example.org", "wrong horse battery");
  (void)refresh(account.cookie);
  (void)get("/api/me", "forged." + account.token);
  EXPECT_TRUE(log_lines().contains("api.login_failed"));
  for (const std::string& secret :
       {account.token, account.cookie, std::string(password), std::string("wrong horse"),
        account.email, account.cookie.substr(account.cookie.find('=') + 1)}) {
    EXPECT_FALSE(log_lines().contains(secret)) << secret;
  }
}

/// Users whose password changes, or who are disabled, while they sign in.
class ChangingUsers final : public ports::UserStore {
 public:
  explicit ChangingUsers(ports::UserStore& real) : real_(real) {}

  base::Task<base::Result<domain::User>> create(ports::NewUser user, ports::Admission admission,
                                                base::Deadline deadline) override {
    return real_.create(std::move(user), admission, deadline);
  }
  base::Task<std::optional<ports::Credentials>> find_by_email(domain::Email email,
                                                              base::Deadline deadline) override {
    auto found = co_await real_.find_by_email(std::move(email), deadline);
    if (!found || looks++ == 0) co_return found;
    if (disables) found->user.disabled = true;
    if (!disables) found->password_hash = "another";
    co_return found;
  }
  base::Task<std::optional<domain::User>> find(domain::UserId id,
                                               base::Deadline deadline) override {
    return real_.find(id, deadline);
  }
  base::Task<base::Result<domain::User>> update(domain::UserId id, ports::UserPatch patch,
                                                base::Deadline deadline) override {
    return real_.update(id, std::move(patch), deadline);
  }
  base::Task<base::Result<std::vector<domain::SessionId>>> change_password(
      ports::PasswordChange change, base::Deadline deadline) override {
    return real_.change_password(std::move(change), deadline);
  }
  base::Task<base::Result<std::vector<domain::SessionId>>> set_disabled(
      domain::Email email, bool disabled, base::Deadline deadline) override {
    return real_.set_disabled(std::move(email), disabled, deadline);
  }
  base::Task<std::vector<domain::User>> list(std::string after, std::size_t limit,
                                             base::Deadline deadline) override {
    return real_.list(std::move(after), limit, deadline);
  }

  int looks = 0;
  bool disables = false;  ///< and not the password changes

 private:
  ports::UserStore& real_;
};

TEST_F(AuthRoutesTest, APasswordThatIsChangedDuringASignInOpensNothing) {
  const auto account = sign_up("lin");
  ChangingUsers changing(users());
  start({.users = &changing});
  const auto reply = login("lin@example.org", password);
  EXPECT_EQ(reply.status, 401u);
  EXPECT_EQ(reply.code(), "invalid_credentials");
  EXPECT_EQ(reply.header("Set-Cookie"), "");
  const auto sessions = get("/api/me/sessions", account.token).body().at("sessions").as_array();
  EXPECT_EQ(sessions.size(), 1u) << "that of the sign-up";
}

TEST_F(AuthRoutesTest, ADisabledAccountSignsInNoMoreUntilItIsEnabled) {
  sign_up("lin");
  set_disabled("lin@example.org", true);
  EXPECT_EQ(login("lin@example.org", "wrong horse").code(), "invalid_credentials")
      << "nobody else learns it";
  const auto refused = login("lin@example.org", password);
  EXPECT_EQ(refused.status, 403u);
  EXPECT_EQ(refused.code(), "account_disabled");
  EXPECT_EQ(refused.header("Set-Cookie"), "");
  set_disabled("lin@example.org", false);
  EXPECT_EQ(login("lin@example.org", password).status, 200u);
}

TEST_F(AuthRoutesTest, AnAccountThatIsDisabledDuringASignInOpensNothing) {
  const auto account = sign_up("lin");
  ChangingUsers changing(users());
  changing.disables = true;
  start({.users = &changing});
  EXPECT_EQ(login("lin@example.org", password).code(), "invalid_credentials");
  const auto sessions = get("/api/me/sessions", account.token).body().at("sessions").as_array();
  EXPECT_EQ(sessions.size(), 1u) << "that of the sign-up";
}

TEST_F(AuthRoutesTest, NoOtherDoorOpensAnythingForAnAccountThatChangesDuringASignIn) {
  const auto account = sign_up("lin");
  const auto sessions = [&] {
    return get("/api/me/sessions", account.token).body().at("sessions").as_array().size();
  };
  for (const bool disables : {true, false}) {
    ChangingUsers changing(users());
    changing.disables = disables;
    start({.users = &changing});
    const auto refused = enter("lin@example.org", domain::UserRole::admin);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, "invalid_credentials");
    EXPECT_EQ(sessions(), 1u) << "that of the sign-up";
  }
  start();
  EXPECT_TRUE(enter("lin@example.org", domain::UserRole::admin));
  EXPECT_EQ(sessions(), 2u);
}

TEST_F(AuthRoutesTest, ADoorForAdministratorsOpensNoSessionForATeacher) {
  sign_up("lin");
  const auto teacher = sign_up("wu");
  const auto refused = enter("wu@example.org", domain::UserRole::admin);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::forbidden);
  const auto sessions = get("/api/me/sessions", teacher.token).body().at("sessions").as_array();
  EXPECT_EQ(sessions.size(), 1u) << "that of the sign-up";
}

TEST_F(AuthRoutesTest, ManyRegistrationsFromOneNetworkAreSlowedDown) {
  options.rate_limits.register_per_network = {2, 0.1};
  start();
  sign_up("a");
  sign_up("b");
  const auto reply = send("POST", "/api/auth/register",
                          {{"email", "c@d.example"}, {"name", "c"}, {"password", password}}, "");
  EXPECT_EQ(reply.status, 429u);
  EXPECT_EQ(reply.header("Retry-After"), "10");
}

}  // namespace
}  // namespace rubricon::api
