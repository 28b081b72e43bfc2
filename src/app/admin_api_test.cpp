#include <rubricon/app/admin_api.hpp>

#include <rubricon/crypto/system_random.hpp>
#include <rubricon/memory/broker.hpp>
#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/memory/revocation_list.hpp>
#include <rubricon/ports/contract/run_task.hpp>
#include <rubricon/sqlite/database.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace rubricon::app {
namespace {

class Exchange final : public net::HttpExchange {
 public:
  Exchange(net::HttpHead head, std::string body) : head_(std::move(head)), body_(std::move(body)) {}

  const net::HttpHead& head() const override { return head_; }
  base::Task<std::expected<std::string, net::BodyError>> read_body(std::size_t) override {
    co_return body_;
  }
  void on_disconnect(std::function<void()>) override {}
  void abort() override {}

 private:
  net::HttpHead head_;
  std::string body_;
};

std::filesystem::path make_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "rubricon-admin-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder");
  return name;
}

crypto::Secret secret_of(std::uint8_t byte) {
  crypto::Secret secret{};
  secret.fill(byte);
  return secret;
}

/// Every path that there is, so that a new one is in these scenarios by being there.
class AdminApiTest : public testing::Test {
 protected:
  ~AdminApiTest() override {
    database.reset();
    std::filesystem::remove_all(folder);
  }

  unsigned ask(std::string_view path, const std::string& authorization,
               const std::string& body = "{}", const std::string& method = "POST") {
    net::HttpHead head;
    head.method = method;
    head.target = head.path = std::string(path);
    if (!authorization.empty()) head.headers.add("Authorization", authorization);
    const auto response = ports::contract::run_task(
        io, api.handle(std::make_shared<Exchange>(std::move(head), body)));
    code = response.problem;
    return response.status;
  }
  std::string sealed(std::string_view path, const std::string& body = "{}") {
    return seal.seal({"POST", path, body}, clock.now());
  }

  boost::asio::io_context io;
  std::filesystem::path folder = make_folder();
  memory::ManualClock clock;
  crypto::SystemRandom random;
  observability::Log log{{}, [this] { return clock.now(); }, [](std::string_view) {}};
  std::unique_ptr<sqlite::Database> database = std::make_unique<sqlite::Database>(
      sqlite::Options{.path = folder / "rubricon.db"}, clock, random);
  memory::Broker broker{io.get_executor()};
  memory::RevocationList revocations{clock};
  OperatorSeal seal{secret_of(7)};
  AdminApi api{seal,
               {database->events(), broker, database->users(), revocations, database->dead_jobs(),
                broker, clock, log}};
  std::string code;  ///< of the last problem
};

TEST_F(AdminApiTest, nothing_is_answered_without_the_seal_of_this_request_and_this_time) {
  const auto paths = AdminApi::paths();
  EXPECT_GE(paths.size(), 4u);
  for (const auto path : paths) {
    const auto old = sealed(path);
    clock.advance(OperatorSeal::good_for + base::Milliseconds(1));
    const auto foreign = OperatorSeal(secret_of(8)).seal({"POST", path, "{}"}, clock.now());
    const std::pair<const char*, std::string> cases[] = {
        {"none", ""},
        {"a token", "Bearer e30.e30.e30"},
        {"of another secret", foreign},
        {"of another path", sealed("/admin/other")},
        {"of another body", sealed(path, R"({"after":""})")},
        {"of another time", old},
    };
    for (const auto& [what, authorization] : cases) {
      EXPECT_EQ(ask(path, authorization), 401u) << path << ", seal: " << what;
    }
  }
}

TEST_F(AdminApiTest, every_path_is_there_for_who_has_the_seal_and_looks_at_its_body) {
  for (const auto path : AdminApi::paths()) {
    EXPECT_EQ(ask(path, sealed(path)), 400u) << path;
    EXPECT_EQ(code, "invalid") << path;
    EXPECT_EQ(ask(path, sealed(path, "[]"), "[]"), 400u) << path;
    EXPECT_EQ(code, "malformed_body") << path;
    const auto get = seal.seal({"GET", path, "{}"}, clock.now());
    EXPECT_EQ(ask(path, get, "{}", "GET"), 405u) << path;
  }
}

TEST_F(AdminApiTest, a_path_that_is_not_there_and_an_address_that_nobody_has_are_two_things) {
  EXPECT_EQ(ask("/admin/users/forget", sealed("/admin/users/forget")), 404u);
  EXPECT_EQ(code, "not_found");
  for (const auto* path : {"/admin/users/disable", "/admin/users/enable"}) {
    const std::string body = R"({"email":"nobody@school.example"})";
    EXPECT_EQ(ask(path, sealed(path, body), body), 404u) << path;
    EXPECT_EQ(code, "unknown_address") << path;
  }
}

}  // namespace
}  // namespace rubricon::app
