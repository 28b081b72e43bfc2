#include <rubricon/api/api.hpp>
#include <rubricon/api/harness_test.hpp>
#include <rubricon/base/fault.hpp>

#include <fmt/format.h>

#include <set>

namespace rubricon::api {
namespace {

/// Scenarios over every route, made from the route table: a new route is in them by being there.
class ApiTest : public ApiFixture {
 protected:
  static constexpr const char* nobody = "0199e2a4-3c1e-7a10-8f00-0000000000ff";

  /// A good request to `route`, its ids replaced: the contract's own example is the body.
  Call example(const Route& route, const std::string& chat, const std::string& other,
               const std::string& token) {
    Call request{.method = to_string(route.method), .token = token};
    std::string_view rest = route.pattern;
    while (!rest.empty()) {
      const auto brace = rest.find('{');
      request.target += rest.substr(0, brace);
      if (brace == std::string_view::npos) break;
      rest.remove_prefix(brace);
      const auto name = rest.substr(0, rest.find('}') + 1);
      request.target += name == "{version}" ? "1" : name == "{chatId}" ? chat : other;
      rest.remove_prefix(name.size());
    }
    if (route.has_body()) {
      auto body = contract.request_example(*operation(route)).as_object();
      if (body.contains("chatId")) body["chatId"] = chat;
      request.body = json::serialize(body);
    }
    if (takes_rubric(route)) request.headers.push_back({"If-Match", "\"0\""});
    return request;
  }
  const json::object* operation(const Route& route) {
    return contract.operation(route.pattern, to_string(route.method));
  }
  static bool takes_rubric(const Route& route) {
    return route.name == "putRubric" || route.name == "importRubric" ||
           route.name == "restoreRubricVersion";
  }
  static bool names_a_chat(const Route& route) {
    return route.pattern.contains("{chatId}") || route.name == "postMessage";
  }
  static std::string without_trace(const Reply& reply) {
    auto body = reply.body();
    body.erase("traceId");
    return json::serialize(body);
  }
  std::string body_error(const Route& route, const std::string& chat, const Account& user,
                         const std::string& body) {
    auto request = example(route, chat, user.id, user.token);
    request.body = body;
    const auto reply = call(request);
    return fmt::format("{} {}", reply.status, reply.code());
  }
};

TEST_F(ApiTest, EveryRouteIsInTheContractAndTheReverse) {
  std::set<std::string> routes, operations;
  for (const auto& route : router().routes()) {
    routes.insert(fmt::format("{} {}", to_string(route.method), route.pattern));
  }
  for (const auto& path : contract.paths()) {
    for (const auto& member : path.value().as_object()) {
      if (member.key() == "parameters") continue;
      std::string method(member.key());
      for (char& c : method) c = static_cast<char>(c - 'a' + 'A');
      operations.insert(method + " " + std::string(path.key()));
    }
  }
  EXPECT_EQ(routes, operations);
}

TEST_F(ApiTest, TheContractSaysOfEveryRouteWhatTheTableSays) {
  std::set<std::string> names;
  for (const auto& route : router().routes()) {
    const auto* found = operation(route);
    ASSERT_NE(found, nullptr) << route.name;
    EXPECT_EQ(found->at("operationId"), json::value(route.name));
    EXPECT_TRUE(names.insert(std::string(route.name)).second) << "twice: " << route.name;
    EXPECT_EQ(found->contains("requestBody"), route.has_body()) << route.name;
    // Without a security entry of its own an operation needs the bearer token.
    EXPECT_EQ(!found->contains("security"), route.access != Access::anyone) << route.name;
    if (route.has_body()) {
      const auto example_body = contract.request_example(*found);
      EXPECT_EQ(contract.value_error(*contract.request_schema(*found), example_body), "")
          << route.name;
    }
  }
}

TEST_F(ApiTest, EveryRouteButTheOpenOnesNeedsAToken) {
  const auto lin = sign_up("lin");
  const auto chat = new_chat(lin);
  int closed = 0;
  for (const auto& route : router().routes()) {
    if (route.access == Access::anyone) continue;
    ++closed;
    for (const std::string token : {"", "garbage", "e30.e30.e30"}) {
      const auto reply = call(example(route, chat, lin.id, token));
      EXPECT_EQ(reply.status, 401u) << route.name;
      EXPECT_EQ(reply.code(), "unauthenticated") << route.name;
    }
  }
  EXPECT_GE(closed, 18);
}

// S31: with another tenant's ids every route answers as for ids that were never made.
TEST_F(ApiTest, OtherPeoplesChatsDoNotExistInAnyRoute) {
  const auto lin = sign_up("lin"), mallory = sign_up("mallory");
  const auto chat = new_chat(lin, {{"title", "private"}});
  const auto message = say(lin, chat, "private");
  int checked = 0;
  for (const auto& route : router().routes()) {
    if (!names_a_chat(route)) continue;
    ++checked;
    clock.advance(std::chrono::seconds(1));
    const auto& inner = route.pattern.contains("{messageId}") ? message : lin.id;
    const auto theirs = call(example(route, chat, inner, mallory.token));
    const auto unknown = call(example(route, nobody, nobody, mallory.token));
    EXPECT_EQ(theirs.status, 404u) << route.name;
    EXPECT_EQ(without_trace(theirs), without_trace(unknown)) << route.name;
    EXPECT_EQ(theirs.headers, unknown.headers) << route.name;
    EXPECT_FALSE(theirs.text.contains("private")) << route.name;
    // Nor does a clock tell: it is the same work.
    const auto work = work_of(example(route, chat, inner, mallory.token));
    EXPECT_EQ(work, work_of(example(route, nobody, nobody, mallory.token))) << route.name;
    EXPECT_GE(work.reads + work.writes, 1u) << route.name << ": nobody looked";
  }
  EXPECT_GE(checked, 14);
  const auto view = get("/api/chat/" + chat, lin.token).body();
  EXPECT_EQ(view.at("msgs").as_array().size(), 1u) << "nothing was changed";
  EXPECT_EQ(view.at("members").as_array().size(), 1u);
  EXPECT_TRUE(view.at("rubric").is_null());
}

TEST_F(ApiTest, IdsThatAreNotIdsAreNotFound) {
  const auto lin = sign_up("lin");
  const auto chat = new_chat(lin);
  for (const auto& route : router().routes()) {
    if (!route.pattern.contains('{')) continue;
    EXPECT_EQ(call(example(route, "42", "42", lin.token)).status, 404u) << route.name;
    if (route.pattern.ends_with("Id}") && !route.pattern.ends_with("{chatId}")) {
      EXPECT_EQ(call(example(route, chat, "42", lin.token)).status, 404u) << route.name;
    }
  }
}

// Every route with a body, each kind of bad body, one documented answer.
TEST_F(ApiTest, BadBodiesGetTheirDocumentedAnswerInEveryRoute) {
  options.rate_limits.auth_per_network = {1e6, 1e6};
  options.rate_limits.register_per_network = {1e6, 1e6};
  start();
  const auto lin = sign_up("lin");
  const auto chat = new_chat(lin);
  const std::string deep = R"({"x":)" + std::string(40, '[') + std::string(40, ']') + "}";
  const std::pair<std::string, const char*> cases[] = {
      {"", "400 malformed_json"},
      {"{", "400 malformed_json"},
      {"{} {}", "400 malformed_json"},
      {"{\"x\":\"\xff\"}", "400 invalid_utf8"},
      {std::string("{\"x\":\"\0\"}", 9), "400 nul"},
      {R"({"x":"\u0000"})", "400 nul"},
      {deep, "400 too_deep"},
      {R"({"x":1,"x":2})", "400 duplicate_field"},
      {"[]", "400 invalid_type"},
      {"null", "400 invalid_type"},
      {R"({"x":1})", "400 unknown_field"},
  };
  for (const auto& route : router().routes()) {
    if (!route.has_body()) continue;
    clock.advance(std::chrono::seconds(5));
    for (const auto& [body, expected] : cases) {
      EXPECT_EQ(body_error(route, chat, lin, body), expected) << route.name << " " << expected;
    }
    const std::string large(route.body_max + 1, ' ');
    EXPECT_EQ(body_error(route, chat, lin, large), "413 body_too_large") << route.name;
  }
}

// Each field of each body as each type that it is not.
TEST_F(ApiTest, WrongTypesAndMissingFieldsGetTheirDocumentedAnswerInEveryRoute) {
  options.rate_limits.auth_per_network = {1e6, 1e6};
  options.rate_limits.register_per_network = {1e6, 1e6};
  start();
  const auto lin = sign_up("lin");
  const auto chat = new_chat(lin);
  for (const auto& route : router().routes()) {
    if (!route.has_body()) continue;
    clock.advance(std::chrono::seconds(5));
    const auto& schema = *contract.request_schema(*operation(route));
    const auto good = json::parse(example(route, chat, lin.id, lin.token).body).as_object();
    for (const auto& property : schema.at("properties").as_object()) {
      auto body = good;
      // No field of a rubric is a truth, and only one field of any other request an array.
      if (takes_rubric(route) || property.key() == "attachments") {
        body[property.key()] = true;
      } else {
        body[property.key()] = json::array{};
      }
      EXPECT_EQ(body_error(route, chat, lin, json::serialize(body)), "400 invalid_type")
          << route.name << " " << property.key();
    }
    if (!schema.contains("required") || takes_rubric(route)) continue;
    for (const auto& name : schema.at("required").as_array()) {
      auto body = good;
      body.erase(name.as_string());
      EXPECT_EQ(body_error(route, chat, lin, json::serialize(body)), "400 missing_field")
          << route.name << " " << name;
    }
  }
}

TEST_F(ApiTest, BodiesMustBeDeclaredAsJsonAndFilesAsNoForm) {
  const auto lin = sign_up("lin");
  const auto chat = new_chat(lin);
  for (const auto& route : router().routes()) {
    if (!route.has_body()) continue;
    for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded"}) {
      auto request = example(route, chat, lin.id, lin.token);
      request.headers.push_back({"Content-Type", type});
      const auto reply = call(request);
      EXPECT_EQ(reply.status, 415u) << route.name;
      EXPECT_EQ(reply.code(), "unsupported_media_type");
    }
  }
}

// S14: a page of another site can neither post a form nor send a request with our cookie.
TEST_F(ApiTest, ChangesFromOtherSitesAreRefusedInEveryRoute) {
  const auto lin = sign_up("lin");
  const auto chat = new_chat(lin);
  for (const auto& route : router().routes()) {
    if (!route.changes()) continue;
    auto request = example(route, chat, lin.id, lin.token);
    request.headers.push_back({"Origin", "https://evil.example"});
    EXPECT_EQ(call(request).code(), "origin_not_allowed") << route.name;
    request.headers.back() = {"Origin", "null"};
    EXPECT_EQ(call(request).code(), "origin_not_allowed") << route.name;
    request.headers.back() = {"Sec-Fetch-Site", "cross-site"};
    EXPECT_EQ(call(request).code(), "cross_site") << route.name;
  }
  EXPECT_EQ(get("/api/chat/" + chat, lin.token).status, 200u) << "nothing was changed";
}

TEST_F(ApiTest, AllowedOriginsGetCorsAndOthersDoNot) {
  const auto lin = sign_up("lin");
  const auto from = [&](const char* method, const char* origin) {
    return call({.method = method,
                 .target = "/api/me",
                 .token = lin.token,
                 .headers = {{"Origin", origin}}});
  };
  EXPECT_EQ(from("GET", "https://rubrics.example").header("Access-Control-Allow-Origin"),
            "https://rubrics.example");
  EXPECT_EQ(from("GET", "https://evil.example").header("Access-Control-Allow-Origin"), "");
  EXPECT_EQ(from("OPTIONS", "https://rubrics.example").status, 204u);
  EXPECT_EQ(from("OPTIONS", "https://evil.example").header("Access-Control-Allow-Origin"), "");
}

TEST_F(ApiTest, WrongMethodsAreToldTheRightOnes) {
  const auto reply = call({.method = "PUT", .target = "/api/chat"});
  EXPECT_EQ(reply.status, 405u);
  EXPECT_EQ(reply.code(), "method_not_allowed");
  EXPECT_EQ(reply.header("Allow"), "GET, HEAD, POST");
  const auto unknown = call({.target = "/api/nothing"});
  EXPECT_EQ(unknown.status, 404u);
  EXPECT_EQ(unknown.code(), "not_found");
}

TEST_F(ApiTest, ATraceOfTheClientGoesOnAndOthersBegin) {
  const auto traced = call({.target = "/api/me",
                            .headers = {{"traceparent",
                                         "00-4bf92f3577b34da6a3ce929d0e0e4736-"
                                         "00f067aa0ba902b7-01"}}});
  EXPECT_EQ(traced.body().at("traceId"), json::value("4bf92f3577b34da6a3ce929d0e0e4736"));
  const auto first = call({.target = "/api/me"}), second = call({.target = "/api/me"});
  EXPECT_NE(first.body().at("traceId"), second.body().at("traceId"));
}

TEST_F(ApiTest, AUserWhoAsksTooMuchIsAskedToWait) {
  options.rate_limits.requests_per_user = {3, 1};
  start();
  const auto lin = sign_up("lin"), wang = sign_up("wang");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get("/api/me", lin.token).status, 200u);
  EXPECT_EQ(get("/api/me", lin.token).status, 429u);
  EXPECT_EQ(get("/api/me", wang.token).status, 200u);
}

// S12: whoever has no name, or changes it with each request, still has an address.
TEST_F(ApiTest, AnAddressThatAsksTooMuchIsAskedToWaitAndHealthChecksAreNot) {
  options.rate_limits.requests_per_network = {3, 1};
  start();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get("/api/me", "garbage").status, 401u);
  EXPECT_EQ(get("/api/me", "garbage").status, 429u);
  EXPECT_EQ(get("/healthz", "").status, 200u);
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(get("/api/me", "garbage").status, 401u);
}

// S38: a server that does not know yet who was signed out lets nobody in.
TEST_F(ApiTest, NobodyIsLetInBeforeEndedSessionsAreKnown) {
  const auto lin = sign_up("lin");
  Readiness readiness{.state = Readiness::State::starting, .waiting_for = {}};
  options.readiness = [&readiness] { return readiness; };
  options.start_wait = base::Milliseconds(0);
  start();
  const auto early = get("/api/me", lin.token);
  EXPECT_EQ(early.status, 503u);
  EXPECT_FALSE(early.header("Retry-After").empty());
  EXPECT_EQ(get("/healthz", "").status, 200u);
  readiness.state = Readiness::State::ready;
  EXPECT_EQ(get("/api/me", lin.token).status, 200u);
}

TEST_F(ApiTest, WhoeverAsksWhileEndedSessionsAreBeingLoadedIsAnsweredAfterwards) {
  const auto lin = sign_up("lin");
  int asked = 0;
  options.readiness = [&asked] {
    return Readiness{.state = ++asked < 5 ? Readiness::State::starting : Readiness::State::ready,
                     .waiting_for = {}};
  };
  start();
  EXPECT_EQ(get("/api/me", lin.token).status, 200u);
  EXPECT_EQ(asked, 5);
}

/// A user store that fails in a given way.
class BrokenUsers final : public ports::UserStore {
 public:
  base::Task<base::Result<domain::User>> create(ports::NewUser, ports::Admission,
                                                base::Deadline) override {
    co_return base::fail(base::ErrorCode::conflict);
  }
  base::Task<std::optional<ports::Credentials>> find_by_email(domain::Email,
                                                              base::Deadline) override {
    co_return std::nullopt;
  }
  base::Task<std::optional<domain::User>> find(domain::UserId, base::Deadline) override {
    fault();
    co_return std::nullopt;
  }
  base::Task<base::Result<domain::User>> update(domain::UserId, ports::UserPatch,
                                                base::Deadline) override {
    co_return base::fail(base::ErrorCode::not_found);
  }
  base::Task<base::Result<std::vector<domain::SessionId>>> change_password(
      ports::PasswordChange, base::Deadline) override {
    co_return base::fail(base::ErrorCode::not_found);
  }
  base::Task<base::Result<std::vector<domain::SessionId>>> set_disabled(domain::Email, bool,
                                                                        base::Deadline) override {
    co_return base::fail(base::ErrorCode::not_found);
  }
  base::Task<std::vector<domain::User>> list(std::string, std::size_t, base::Deadline) override {
    co_return std::vector<domain::User>();
  }
  std::function<void()> fault;
};

// E1, G2: what fails behind us has one form, says when to come back, and no more.
TEST_F(ApiTest, FaultsBecomeProblemDocumentsWithATraceThatIsLogged) {
  const auto lin = sign_up("lin");
  BrokenUsers users;
  start({.users = &users});

  users.fault = [] { throw base::Unavailable("disk /var/secret is full"); };
  const auto unavailable = get("/api/me", lin.token);
  EXPECT_EQ(unavailable.status, 503u);
  EXPECT_FALSE(unavailable.header("Retry-After").empty());
  EXPECT_FALSE(unavailable.text.contains("secret"));

  users.fault = [] { throw std::runtime_error("a bug with a secret"); };
  const auto internal = get("/api/me", lin.token);
  EXPECT_EQ(internal.status, 500u);
  EXPECT_EQ(internal.code(), "internal");
  EXPECT_FALSE(internal.text.contains("secret"));
  EXPECT_TRUE(log_lines().contains(std::string(internal.body().at("traceId").as_string())));
}

// F1: whoever reads a trace id on the page finds its request in the log, and nothing secret there.
TEST_F(ApiTest, RefusalsAreLoggedByRouteWithTheirTrace) {
  const auto lin = sign_up("lin");
  const auto trace = [](const Reply& reply) {
    return std::string(reply.body().at("traceId").as_string());
  };
  const auto missing = get(std::string("/api/chat/") + nobody + "/messages?before=4242", lin.token);
  const auto unknown = get("/api/sesame", lin.token);
  const auto bad = send("POST", "/api/chat/messages", {{"password", "hunter2"}}, lin.token);
  const auto lines = log_lines();
  EXPECT_TRUE(lines.contains(trace(missing)));
  EXPECT_TRUE(lines.contains("listMessages"));
  EXPECT_TRUE(lines.contains(trace(unknown)));
  EXPECT_TRUE(lines.contains(trace(bad)));
  EXPECT_TRUE(lines.contains("unknown_field"));
  for (const char* theirs : {"4242", "sesame", "hunter2", nobody}) {
    EXPECT_FALSE(lines.contains(theirs)) << theirs;
  }
}

TEST_F(ApiTest, OwnsItsPathsAndNoOthers) {
  for (const char* path :
       {"/api", "/api/", "/api/x", "/healthz", "/readyz", "/.well-known/jwks.json"}) {
    EXPECT_TRUE(Api::owns(path)) << path;
  }
  for (const char* path : {"/", "/apiary", "/socket.io/", "/index.html", "/.well-known/other"}) {
    EXPECT_FALSE(Api::owns(path)) << path;
  }
}

}  // namespace
}  // namespace rubricon::api
