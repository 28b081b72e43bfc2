#include <rubricon/api/problem.hpp>

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace rubricon::api {
namespace {

namespace json = boost::json;
using base::Error;
using base::ErrorCode;

constexpr std::string_view trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";

json::object body(const net::HttpResponse& response) {
  return json::parse(response.body.view()).as_object();
}

TEST(Problem, EveryErrorCodeHasItsStatus) {
  const std::pair<ErrorCode, unsigned> rows[] = {{ErrorCode::invalid, 400},
                                                 {ErrorCode::unauthenticated, 401},
                                                 {ErrorCode::token_expired, 401},
                                                 {ErrorCode::forbidden, 403},
                                                 {ErrorCode::not_found, 404},
                                                 {ErrorCode::conflict, 409},
                                                 {ErrorCode::precondition_failed, 412},
                                                 {ErrorCode::idempotency_mismatch, 422},
                                                 {ErrorCode::too_large, 413},
                                                 {ErrorCode::rate_limited, 429},
                                                 {ErrorCode::unavailable, 503}};
  for (const auto& [code, status] : rows) {
    const auto response = problem(Error{code, "why", {}, {}}, trace_id);
    EXPECT_EQ(response.status, status);
    const auto document = body(response);
    EXPECT_EQ(document.at("status"), json::value(status));
    EXPECT_EQ(document.at("code"), json::value(base::to_string(code)));
    EXPECT_EQ(document.at("traceId"), json::value(trace_id));
    EXPECT_EQ(document.at("type"), json::value("about:blank"));
    EXPECT_EQ(response.headers.get("Content-Type"), "application/problem+json");
  }
}

TEST(Problem, SomeReasonsHaveAStatusOfTheirOwn) {
  const auto status = [](const char* reason) {
    return status_of(Error{ErrorCode::invalid, {}, reason, {}});
  };
  EXPECT_EQ(status("invalid_rubric"), 422u);
  EXPECT_EQ(status("precondition_required"), 428u);
  EXPECT_EQ(status("unsupported_media_type"), 415u);
  EXPECT_EQ(status("method_not_allowed"), 405u);
  EXPECT_EQ(status("body_timeout"), 408u);
  EXPECT_EQ(status("unknown_field"), 400u);
}

// A store's words may differ between "deleted", "not a member" and "never made".
TEST(Problem, WhatIsNotFoundLooksTheSameWhateverTheStoreSaid) {
  const auto a = problem(Error{ErrorCode::not_found, "not a member", {}, {}}, trace_id);
  const auto b = problem(Error{ErrorCode::not_found, "no such chat", {}, {}}, trace_id);
  EXPECT_EQ(a.body.view(), b.body.view());
  EXPECT_EQ(a.headers, b.headers);
}

TEST(Problem, SaysWhenToComeBack) {
  EXPECT_EQ(problem(rate_limited(std::chrono::seconds(7)), trace_id).headers.get("Retry-After"),
            "7");
  EXPECT_EQ(problem(rate_limited(std::chrono::seconds(0)), trace_id).headers.get("Retry-After"),
            "1");
  EXPECT_FALSE(body(problem(rate_limited(std::chrono::seconds(7)), trace_id)).contains("errors"));
  const auto unavailable =
      problem(Error{ErrorCode::unavailable, "disk 7 is on fire", {}, {}}, trace_id);
  EXPECT_TRUE(unavailable.headers.contains("Retry-After"));
  EXPECT_EQ(unavailable.body.view().find("disk"), std::string_view::npos);
}

TEST(Problem, ChallengesAsRfc6750Asks) {
  const auto missing =
      problem(Error{ErrorCode::unauthenticated, {}, "token_missing", {}}, trace_id);
  EXPECT_EQ(missing.headers.get("WWW-Authenticate"), R"(Bearer realm="rubricon")");
  EXPECT_EQ(body(missing).at("code"), json::value("unauthenticated"));
  const auto expired = problem(Error{ErrorCode::token_expired, {}, {}, {}}, trace_id);
  EXPECT_EQ(expired.headers.get("WWW-Authenticate"),
            R"(Bearer realm="rubricon", error="invalid_token")");
}

TEST(Problem, NamesAtMostThirtyTwoFields) {
  Error error{ErrorCode::invalid, "bad", "invalid_type", {}};
  for (int i = 0; i < 50; ++i) {
    error.fields.push_back({"f" + std::to_string(i), "invalid_type", "is \"wrong\""});
  }
  const auto errors = body(problem(error, trace_id)).at("errors").as_array();
  EXPECT_EQ(errors.size(), 32u);
  EXPECT_EQ(errors[1].as_object().at("field"), json::value("f1"));
  EXPECT_EQ(errors[1].as_object().at("message"), json::value("is \"wrong\""));
}

TEST(Problem, OurFaultsSayNothingAboutUs) {
  const auto response = internal_problem(trace_id);
  EXPECT_EQ(response.status, 500u);
  EXPECT_EQ(body(response).at("code"), json::value("internal"));
  EXPECT_FALSE(body(response).contains("detail"));
}

}  // namespace
}  // namespace rubricon::api
