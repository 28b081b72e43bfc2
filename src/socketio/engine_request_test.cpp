#include <rubricon/socketio/engine_request.hpp>

#include <gtest/gtest.h>

namespace rubricon::socketio {
namespace {

struct Case {
  std::string_view query;
  std::string_view method = "GET";
  bool upgrade = false;
  std::optional<EngineTransport> session = std::nullopt;
  std::string_view origin = "";
};

std::optional<Refusal> refusal(const Case& c, EnabledTransports enabled = {}) {
  const RequestFacts facts{
      .method = c.method, .upgrade = c.upgrade, .origin = c.origin, .session = c.session};
  return check_request(Query::parse(c.query), facts, enabled).refusal;
}

constexpr auto polling = EngineTransport::polling;
constexpr auto websocket = EngineTransport::websocket;

TEST(EngineRequest, opens_a_session) {
  EXPECT_EQ(refusal({"EIO=4&transport=polling"}), std::nullopt);
  EXPECT_EQ(refusal({"EIO=4&transport=websocket", "GET", true}), std::nullopt);
  EXPECT_EQ(refusal({"EIO=4&transport=polling&sid="}), std::nullopt);
  EXPECT_EQ(refusal({"transport=polling&t=abc&x=%zz&EIO=4"}), std::nullopt);
}

// Goal: reference 1.3, code 0; names from a closed list only (CVE-2023-31125).
TEST(EngineRequest, needs_a_known_transport) {
  for (const auto* query : {"EIO=4", "EIO=4&transport=", "EIO=4&transport=abc",
                            "EIO=4&transport=__proto__", "EIO=4&transport=webtransport"}) {
    EXPECT_EQ(refusal({query}), Refusal::transport_unknown) << query;
  }
  EXPECT_EQ(refusal({"EIO=4&transport=polling"}, {.polling = false}), Refusal::transport_unknown);
}

// Goal: reference 1.3, unknown transport and wrong method win over a bad version.
TEST(EngineRequest, checks_the_version_last) {
  EXPECT_EQ(refusal({"EIO=3"}), Refusal::transport_unknown);
  EXPECT_EQ(refusal({"EIO=3&transport=polling", "POST"}), Refusal::bad_method);
  for (const auto* query : {"transport=polling", "EIO=abc&transport=polling",
                            "EIO=3&transport=polling", "EIO=4&EIO=3&transport=polling"}) {
    EXPECT_EQ(refusal({query}), Refusal::unsupported_version) << query;
  }
  EXPECT_EQ(refusal({"EIO=3&transport=websocket", "GET", true}), Refusal::unsupported_version);
}

TEST(EngineRequest, opens_websockets_by_upgrade_only) {
  EXPECT_EQ(refusal({"EIO=4&transport=websocket"}), Refusal::bad_request);
  EXPECT_EQ(refusal({"EIO=4&transport=polling", "GET", true}), Refusal::bad_request);
}

// Goal: reference 1.3 step 4, requests with a sid.
TEST(EngineRequest, belongs_to_its_session) {
  EXPECT_EQ(refusal({"EIO=4&transport=polling&sid=x"}), Refusal::sid_unknown);
  EXPECT_EQ(refusal({"EIO=4&transport=polling&sid=__proto__"}), Refusal::sid_unknown);
  EXPECT_EQ(refusal({"EIO=4&transport=polling&sid=x", "POST", false, polling}), std::nullopt);
  EXPECT_EQ(refusal({"EIO=4&transport=polling&sid=x", "GET", false, websocket}),
            Refusal::bad_request);
  EXPECT_EQ(refusal({"EIO=3&transport=polling&sid=x", "GET", false, polling}),
            Refusal::bad_request);
  EXPECT_EQ(refusal({"transport=polling&sid=x", "GET", false, polling}), Refusal::bad_request);
  EXPECT_EQ(refusal({"EIO=4&transport=websocket&sid=x", "GET", true, polling}), std::nullopt);
  EXPECT_EQ(refusal({"EIO=4&transport=websocket&sid=x", "GET", true}), Refusal::sid_unknown);
}

TEST(EngineRequest, refuses_impossible_origins) {
  EXPECT_EQ(refusal({"EIO=4&transport=polling", "GET", false, std::nullopt, "a\x01"}),
            Refusal::bad_request);
}

TEST(EngineRequest, knows_the_body_of_each_refusal) {
  EXPECT_EQ(refusal_body(Refusal::sid_unknown), R"({"code":1,"message":"Session ID unknown"})");
  EXPECT_EQ(refusal_body(Refusal::unsupported_version),
            R"({"code":5,"message":"Unsupported protocol version"})");
  EXPECT_EQ(refusal_body(Refusal::forbidden, "not \"you\""),
            R"({"code":4,"message":"not \"you\""})");
}

TEST(EngineRequest, remembers_that_a_client_wants_no_binary) {
  const RequestFacts facts{.method = "GET", .upgrade = true};
  EXPECT_TRUE(check_request(Query::parse("EIO=4&transport=websocket&b64=1"), facts, {})
                  .request.base64_only);
}

}  // namespace
}  // namespace rubricon::socketio
