#include <rubricon/app/http_submitter.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/memory/manual_clock.hpp>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>

#include <chrono>

namespace rubricon::app {
namespace {

rest_client::RestReply reply(unsigned status, std::string_view body) {
  return {.status = status, .body = boost::json::parse(body)};
}

TEST(HttpSubmitter, reads_what_was_stored) {
  const auto posted = posted_message(reply(201, R"({"id":"01994b1a-0000-7000-8000-000000000001",
    "seq":7,"epoch":2,"time":"2026-11-22T21:48:35.123Z"})"));
  ASSERT_TRUE(posted);
  EXPECT_EQ(posted->id.to_string(), "01994b1a-0000-7000-8000-000000000001");
  EXPECT_EQ(posted->position.seq, domain::Seq(7));
  EXPECT_EQ(posted->position.epoch, domain::Epoch(2));
  EXPECT_EQ(base::format_time(posted->at), "2026-11-22T21:48:35.123Z");
}

TEST(HttpSubmitter, tells_refusals_as_the_api_said_them) {
  const auto missing =
      posted_message(reply(404, R"({"code":"not_found","detail":"no such chat"})"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error(), (base::Error{base::ErrorCode::not_found, "no such chat", "", {}}));
  const auto expired = posted_message(reply(401, R"({"code":"token_expired"})"));
  EXPECT_EQ(expired.error().code, base::ErrorCode::token_expired);
  const auto revoked = posted_message(reply(401, R"({"code":"session_revoked"})"));
  EXPECT_EQ(revoked.error().code, base::ErrorCode::unauthenticated);
  EXPECT_EQ(revoked.error().reason, "session_revoked");
}

TEST(HttpSubmitter, does_not_know_what_became_of_it_where_the_answer_is_neither) {
  EXPECT_THROW(posted_message(reply(503, R"({"code":"unavailable"})")), base::Unavailable);
  EXPECT_THROW(posted_message(reply(500, "{}")), base::Unavailable);
  EXPECT_THROW(posted_message(reply(200, "{}")), base::Unavailable);
  EXPECT_THROW(posted_message(reply(201, R"({"id":"x","seq":1,"epoch":1})")), base::Unavailable);
  EXPECT_THROW(posted_message({.status = 201, .body = nullptr}), base::Unavailable);
}

TEST(HttpSubmitter, is_unavailable_while_the_api_is) {
  const memory::ManualClock clock;
  HttpSubmitter submitter(rest_client::Target::parse("http://127.0.0.1:1").value(), clock);
  boost::asio::io_context io;
  auto answer = boost::asio::co_spawn(
      io, submitter.submit({}, base::Deadline::after(clock.monotonic(), std::chrono::seconds(5))),
      boost::asio::use_future);
  io.run();
  EXPECT_THROW(answer.get(), base::Unavailable);
}

}  // namespace
}  // namespace rubricon::app
