#include <rubricon/api/harness_test.hpp>
#include <rubricon/api/service_routes.hpp>

namespace rubricon::api {
namespace {

class ServiceRoutesTest : public ApiFixture {};

TEST_F(ServiceRoutesTest, HealthIsTheProcessAndReadinessIsItsParts) {
  EXPECT_EQ(get("/healthz", "").text, R"({"status":"ok"})");
  EXPECT_EQ(get("/readyz", "").status, 200u);

  Readiness now;
  options.readiness = [&now] { return now; };
  start();
  now = {Readiness::State::ready, {"revocations"}};
  EXPECT_EQ(get("/readyz", "").status, 503u);
  EXPECT_EQ(get("/readyz", "").text, R"({"status":"starting","waitingFor":["revocations"]})");
  now = {Readiness::State::draining, {}};
  EXPECT_EQ(get("/readyz", "").status, 503u);
  EXPECT_EQ(get("/healthz", "").status, 200u) << "a draining process is alive";
  now = {};
  EXPECT_EQ(get("/readyz", "").text, R"({"status":"ready"})");
}

TEST_F(ServiceRoutesTest, TheKeySetVerifiesTokensAndTellsNoSecret) {
  const auto reply = get("/.well-known/jwks.json", "");
  EXPECT_EQ(reply.status, 200u);
  EXPECT_EQ(reply.body().at("keys").as_array().size(), 1u);
  EXPECT_FALSE(reply.text.contains("\"d\""));
  EXPECT_TRUE(reply.header("Cache-Control").contains("max-age"));
}

TEST_F(ServiceRoutesTest, TheContractIsServedAsItIs) {
  const auto reply = get("/api/openapi.json", "");
  EXPECT_EQ(reply.status, 200u);
  EXPECT_EQ(reply.body().at("openapi"), json::value("3.1.0"));
  EXPECT_EQ(reply.text, openapi_json());
}

}  // namespace
}  // namespace rubricon::api
