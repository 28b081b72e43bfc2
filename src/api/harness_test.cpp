#include <rubricon/api/harness_test.hpp>

#include <rubricon/api/api.hpp>
#include <rubricon/crypto/argon2_hasher.hpp>
#include <rubricon/crypto/es256_authority.hpp>
#include <rubricon/crypto/refresh_token_mint.hpp>
#include <rubricon/crypto/system_random.hpp>
#include <rubricon/memory/broker.hpp>
#include <rubricon/memory/rate_buckets.hpp>
#include <rubricon/memory/recent_message_map.hpp>
#include <rubricon/memory/revocation_list.hpp>
#include <rubricon/memory/upload_progress_map.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/observability/metrics.hpp>
#include <rubricon/ports/contract/run_task.hpp>
#include <rubricon/sqlite/database.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <mutex>

namespace rubricon::api {
namespace {

/// A request without a connection.
class FakeExchange final : public net::HttpExchange {
 public:
  FakeExchange(net::HttpHead head, std::string body)
      : head_(std::move(head)), body_(std::move(body)) {}

  const net::HttpHead& head() const override { return head_; }
  base::Task<std::expected<std::string, net::BodyError>> read_body(std::size_t limit) override {
    if (body_.size() > limit) co_return std::unexpected(net::BodyError::too_large);
    co_return body_;
  }
  void on_disconnect(std::function<void()>) override {}
  void abort() override {}

 private:
  net::HttpHead head_;
  std::string body_;
};

net::HttpHead head_of(const Call& request) {
  net::HttpHead head;
  head.method = request.method;
  head.target = request.target;
  const auto question = request.target.find('?');
  head.path = request.target.substr(0, question);
  if (question != std::string::npos) head.query = request.target.substr(question + 1);
  head.remote_address = "192.0.2.1";
  head.headers.add("Host", "localhost:3000");
  bool typed = false;
  for (const auto& [name, value] : request.headers) {
    typed = typed || net::equals_ignoring_case(name, "Content-Type");
    if (!value.empty()) head.headers.add(name, value);
  }
  if (!request.token.empty()) head.headers.add("Authorization", "Bearer " + request.token);
  const bool has_body =
      request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (has_body && !typed) head.headers.add("Content-Type", "application/json");
  return head;
}

std::filesystem::path make_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "rubricon-api-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder");
  return name;
}

}  // namespace

struct ApiFixture::World {
  explicit World(const memory::ManualClock& c) : clock(c) {}
  ~World() {
    server.reset();
    database.reset();
    std::filesystem::remove_all(folder);
  }

  const memory::ManualClock& clock;
  boost::asio::io_context io;
  std::filesystem::path folder = make_folder();
  crypto::SystemRandom random;
  observability::Metrics metrics;
  crypto::Argon2Hasher hasher{{.memory_bytes = 64 * 1024, .passes = 1}, clock, metrics};
  memory::RevocationList revocations{clock};
  crypto::Es256Authority authority{
      {crypto::Es256Key::generate(), std::nullopt}, {}, clock, random, revocations};
  memory::RateBuckets rate_buckets{clock};
  memory::RecentMessageMap recent_messages{clock};
  memory::UploadProgressMap uploads{clock};
  crypto::RefreshTokenMint mint{crypto::RefreshSecret{1, 2, 3}};
  std::mutex lines_mutex;
  std::string lines;
  observability::Log log{{},
                         [this] { return clock.now(); },
                         [this](std::string_view line) {
                           const std::lock_guard lock(lines_mutex);
                           lines.append(line).append("\n");
                         }};
  memory::Broker broker{io.get_executor()};
  std::unique_ptr<sqlite::Database> database = std::make_unique<sqlite::Database>(
      sqlite::Options{.path = folder / "rubricon.db"}, clock, random);
  std::unique_ptr<Api> server;
};

ApiFixture::ApiFixture() : contract(openapi_json()), world_(std::make_unique<World>(clock)) {
  options.allowed_origins = {"http://localhost:3000", "https://rubrics.example"};
  start();
}

ApiFixture::~ApiFixture() = default;

void ApiFixture::start(StandIns stand_ins) {
  auto& w = *world_;
  auto& db = *w.database;
  const Services services{stand_ins.users == nullptr ? db.users() : *stand_ins.users,
                          stand_ins.sessions == nullptr ? db.sessions() : *stand_ins.sessions,
                          db.chats(),
                          db.messages(),
                          db.events(),
                          w.recent_messages,
                          w.uploads,
                          db.rubrics(),
                          db.dead_jobs(),
                          w.broker,
                          w.hasher,
                          w.authority,
                          w.authority,
                          w.revocations,
                          w.mint,
                          w.rate_buckets,
                          clock,
                          w.random,
                          w.log,
                          w.metrics};
  w.server = std::make_unique<Api>(services, options);
}

ports::UserStore& ApiFixture::users() {
  return world_->database->users();
}

Work ApiFixture::work() {
  auto& w = *world_;
  const auto database = w.database->statistics();
  const auto hashes = w.metrics.counter("rubricon_crypto_password_hashes_total", "").value();
  return {.writes = database.writes,
          .write_statements = database.write_statements,
          .reads = database.reads,
          .read_statements = database.read_statements,
          .hashes = hashes};
}

Work ApiFixture::work_of(const Call& request) {
  const auto before = work();
  (void)call(request);
  const auto after = work();
  return {.writes = after.writes - before.writes,
          .write_statements = after.write_statements - before.write_statements,
          .reads = after.reads - before.reads,
          .read_statements = after.read_statements - before.read_statements,
          .hashes = after.hashes - before.hashes};
}

Reply ApiFixture::call(const Call& request) {
  auto exchange = std::make_shared<FakeExchange>(head_of(request), request.body);
  auto response = ports::contract::run_task(world_->io, world_->server->handle(exchange));
  Reply reply{response.status, std::move(response.headers), std::string(response.body.view())};
  check(request, reply);
  return reply;
}

Reply ApiFixture::get(const std::string& target, const std::string& token) {
  return call({.target = target, .token = token});
}

Reply ApiFixture::send(const std::string& method, const std::string& target,
                       const json::value& body, const std::string& token) {
  return call({.method = method, .target = target, .body = json::serialize(body), .token = token});
}

Reply ApiFixture::remove(const std::string& target, const std::string& token) {
  return call({.method = "DELETE", .target = target, .token = token});
}

Account ApiFixture::sign_up(const std::string& name) {
  const auto email = name + "@example.org";
  const auto reply = send("POST", "/api/auth/register",
                          {{"email", email}, {"name", name}, {"password", password}}, "");
  EXPECT_EQ(reply.status, 201u) << reply.text;
  const auto body = reply.body();
  return {std::string(body.at("user").at("id").as_string()), email,
          std::string(body.at("accessToken").as_string()), reply.cookie()};
}

base::Result<ports::SessionUser> ApiFixture::enter(const std::string& email,
                                                   domain::UserRole only) {
  ports::PasswordAttempt attempt{.email = email, .password = password, .address = "192.0.2.1"};
  ports::SessionTerms terms{.expires_at = clock.now() + std::chrono::hours(8), .only = only};
  world_->random.fill(terms.token);
  const auto deadline = base::Deadline::after(clock.monotonic(), std::chrono::seconds(10));
  return ports::contract::run_task(
      world_->io, world_->server->passwords().sign_in(std::move(attempt), terms, deadline));
}

void ApiFixture::set_disabled(const std::string& email, bool disabled) {
  const auto deadline = base::Deadline::after(clock.monotonic(), std::chrono::seconds(10));
  const auto done = ports::contract::run_task(
      world_->io, users().set_disabled(domain::Email::parse(email).value(), disabled, deadline));
  ASSERT_TRUE(done);
}

std::string ApiFixture::new_chat(const Account& owner, const json::object& body) {
  const auto reply = send("POST", "/api/chat", body, owner.token);
  EXPECT_EQ(reply.status, 201u) << reply.text;
  return std::string(reply.body().at("id").as_string());
}

std::string ApiFixture::say(const Account& author, const std::string& chat,
                            const std::string& content) {
  const auto reply =
      send("POST", "/api/chat/messages", {{"chatId", chat}, {"content", content}}, author.token);
  EXPECT_EQ(reply.status, 201u) << reply.text;
  return std::string(reply.body().at("id").as_string());
}

void ApiFixture::share(const Account& owner, const std::string& chat, const Account& with,
                       const std::string& role) {
  const auto reply = send("POST", "/api/chat/" + chat + "/members",
                          {{"email", with.email}, {"role", role}}, owner.token);
  EXPECT_EQ(reply.status, 200u) << reply.text;
}

void ApiFixture::report_upload(const Account& owner, const std::string& upload,
                               const std::string& file, const domain::FileProgress& progress) {
  const auto user = domain::UserId::parse(owner.id).value();
  const auto id = domain::UploadId::parse(upload).value();
  const auto soon = base::Deadline::after(clock.monotonic(), std::chrono::seconds(10));
  ports::contract::run_task(world_->io, world_->uploads.report(user, id, file, progress, soon));
}

void ApiFixture::give_up(const std::string& reason) {
  auto& w = *world_;
  auto& jobs = w.database->jobs();
  const auto soon = base::Deadline::after(clock.monotonic(), std::chrono::seconds(10));
  clock.advance(std::chrono::seconds(1));
  for (const auto job : ports::contract::run_task(w.io, jobs.due({}, 100, soon))) {
    const auto claimed =
        ports::contract::run_task(w.io, jobs.claim(job, std::chrono::seconds(30), soon));
    ASSERT_TRUE(claimed);
    ASSERT_TRUE(ports::contract::run_task(w.io, jobs.fail(job, claimed->job.fence, reason, soon)));
  }
}

const Router& ApiFixture::router() const {
  return world_->server->router();
}

std::string ApiFixture::log_lines() const {
  const std::lock_guard lock(world_->lines_mutex);
  return world_->lines;
}

/// What every answer must be, whatever the test is about.
void ApiFixture::check(const Call& request, const Reply& reply) {
  const auto where = request.method + " " + request.target + ": " + reply.text;
  EXPECT_FALSE(reply.header("Cache-Control").empty()) << where;
  EXPECT_EQ(reply.status == 401, !reply.header("WWW-Authenticate").empty()) << where;
  if (reply.status == 429 || (reply.status == 503 && !request.target.starts_with("/readyz"))) {
    EXPECT_FALSE(reply.header("Retry-After").empty()) << where;
  }
  const auto path = request.target.substr(0, request.target.find('?'));
  const auto found = router().match(request.method, path);
  const auto* match = std::get_if<Match>(&found);
  if (match == nullptr || reply.status == 500) return;
  const auto* operation =
      contract.operation(match->route->pattern, to_string(match->route->method));
  ASSERT_NE(operation, nullptr) << where;
  EXPECT_EQ(
      contract.response_error(*operation, reply.status, reply.header("Content-Type"), reply.text),
      "")
      << where;
  const auto* schema = contract.request_schema(*operation);
  const bool file = std::ranges::any_of(request.headers, [](const net::HttpHeader& header) {
    return net::equals_ignoring_case(header.name, "Content-Type");
  });
  if (schema != nullptr && reply.status < 300 && !file) {
    EXPECT_EQ(contract.value_error(*schema, json::parse(request.body)), "") << where;
  }
}

namespace {

class HarnessTest : public ApiFixture {};

// The tests rest on every answer being judged: an empty world must be a good one.
TEST_F(HarnessTest, StartsWithAnApiThatAnswers) {
  EXPECT_EQ(get("/healthz", "").status, 200u);
  EXPECT_EQ(get("/api/me", "").status, 401u);
  EXPECT_GT(router().routes().size(), 20u);
  EXPECT_FALSE(log_lines().contains("api.failed"));
  EXPECT_FALSE(log_lines().contains("api.unavailable"));
}

}  // namespace
}  // namespace rubricon::api
