// tests: model_call.cpp transfer.cpp curl_transfer.cpp http_stream.cpp
// Everything that an endpoint can do wrong (F19), and what becomes of it.
#include <rubricon/ai_http/model_call.hpp>

#include <rubricon/ai_http/model_test.hpp>

namespace rubricon::ai_http {
namespace {

using namespace std::chrono_literals;

class ModelFaultTest : public ModelTest {
 protected:
  base::Task<void> ask_until_cancelled() {
    try {
      co_await asking();
    } catch (const std::exception& error) {
      cancelled = base::is_cancellation(error);
      throw;
    }
  }

  bool cancelled = false;
};

TEST_F(ModelFaultTest, nobody_at_home_is_unavailable) {
  options.endpoint.port = 1;
  const auto fault_seen = fault<ports::AiAway>();
  ASSERT_TRUE(fault_seen);
  EXPECT_FALSE(fault_seen->token_delivered());
  EXPECT_TRUE(
      metrics.render().contains("rubricon_ai_http_answers_total{outcome=\"unavailable\"} 1"));
}

TEST_F(ModelFaultTest,
       a_door_behind_which_nobody_speaks_tls_is_unavailable_after_the_connects_time) {
  options.endpoint.encryption = Encryption::tls;
  options.connect_timeout = 60ms;
  const auto seen = fault<ports::AiAway>();
  ASSERT_TRUE(seen);
  EXPECT_TRUE(std::string_view(seen->what()).contains("imeout")) << seen->what();
  EXPECT_EQ(server.requests.size(), 0u);
}

TEST_F(ModelFaultTest, a_broken_server_is_unavailable_and_is_not_asked_again) {
  for (const int status : {500, 502, 503, 408}) {
    server.add({answer(status, R"({"error":{"message":"boom"}})")});
    const auto seen = fault<ports::AiAway>();
    ASSERT_TRUE(seen);
    EXPECT_TRUE(std::string_view(seen->what()).contains(std::to_string(status)));
  }
  EXPECT_EQ(server.requests.size(), 4u);
}

TEST_F(ModelFaultTest, a_throttle_says_how_long_to_wait) {
  server.add({answer(429, "{}", "Retry-After: 7\r\n")});
  auto seen = fault<ports::AiThrottled>();
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->retry_after(), base::Milliseconds(7'000));
  EXPECT_FALSE(seen->token_delivered());
  server.add({answer(429, "{}")});
  seen = fault<ports::AiThrottled>();
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->retry_after(), std::nullopt);
}

TEST_F(ModelFaultTest, a_refusal_is_an_error_and_tells_no_key) {
  server.add({answer(401, R"({"error":{"message":"Incorrect API key: sk-very-secret"}})")});
  const auto refused = ask();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().reason, "ai_refused");
  EXPECT_EQ(refused.error().detail, "the model's endpoint answered 401: Incorrect API key: …");
  EXPECT_TRUE(logged.contains("ai_http.refused"));
  EXPECT_FALSE(logged.contains(options.key));
  EXPECT_EQ(server.requests.size(), 1u);
}

TEST_F(ModelFaultTest, a_refusal_that_repeats_the_key_as_json_spells_it_tells_no_key) {
  options.key = "sk/very/secret";
  server.add({answer(401, R"({"error":{"message":"Incorrect API key: sk\/very\/secret"}})")});
  const auto refused = ask();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().detail, "the model's endpoint answered 401: Incorrect API key: …");
  EXPECT_FALSE(logged.contains("secret"));
}

TEST_F(ModelFaultTest, a_redirect_is_refused_and_the_other_host_never_hears_of_it) {
  ScriptedServer other(io);
  server.add({answer(307, "", fmt::format("Location: {}/chat/completions\r\n", other.url()))});
  const auto refused = ask();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().reason, "ai_refused");
  EXPECT_EQ(other.accepted, 0);
  run(other.stop());
}

TEST_F(ModelFaultTest, silence_before_the_headers_is_unavailable_after_the_first_tokens_time) {
  options.first_token_timeout = 500ms;
  server.add({hang()});
  const auto seen = fault<ports::AiAway>();
  ASSERT_TRUE(seen);
  EXPECT_STREQ(seen->what(), "the model did not begin to answer");
  run_until([&] { return server.left == 1; });
}

TEST_F(ModelFaultTest, headers_and_comments_are_no_token) {
  options.first_token_timeout = 500ms;
  server.add({stream_head(), repeat(": keep-alive\n\n")});
  const auto seen = fault<ports::AiAway>();
  ASSERT_TRUE(seen);
  EXPECT_STREQ(seen->what(), "the model did not begin to answer");
  run_until([&] { return server.left == 1; });
}

TEST_F(ModelFaultTest, silence_in_the_middle_is_unavailable_and_says_that_something_was_shown) {
  options.token_timeout = 500ms;
  server.add({stream_head(), send(token("好")), hang()});
  const auto seen = fault<ports::AiAway>();
  ASSERT_TRUE(seen);
  EXPECT_STREQ(seen->what(), "the model stopped in the middle of its answer");
  EXPECT_TRUE(seen->token_delivered());
  EXPECT_EQ(delivered, "好");
  run_until([&] { return server.left == 1; });
}

TEST_F(ModelFaultTest, a_byte_at_a_time_is_not_progress) {
  options.token_timeout = 500ms;
  server.add({stream_head(), send(token("好")), drip(token(std::string(2'000, 'x'))), hang()});
  const auto seen = fault<ports::AiAway>();
  ASSERT_TRUE(seen);
  EXPECT_TRUE(seen->token_delivered());
  EXPECT_EQ(delivered, "好");
}

TEST_F(ModelFaultTest, a_model_that_never_ends_is_stopped_at_the_deadline) {
  deadline = 1s;
  server.add({stream_head(), send(token("a")), repeat(": tick\n\n")});
  const auto seen = fault<ports::AiAway>();
  ASSERT_TRUE(seen);
  EXPECT_STREQ(seen->what(), "the model's answer took too long");
  run_until([&] { return server.left == 1; });
}

TEST_F(ModelFaultTest, the_clients_own_limit_holds_where_the_callers_is_later) {
  options.answer_timeout = 100ms;
  server.add({stream_head(), send(token("a")), hang()});
  EXPECT_TRUE(fault<ports::AiAway>());
}

TEST_F(ModelFaultTest, a_cut_in_the_middle_is_unavailable_whether_abrupt_or_polite) {
  for (const auto& end : {reset(), close()}) {
    server.add({stream_head(), send(token("好") + "data: {\"choi"), end});
    const auto seen = fault<ports::AiAway>();
    ASSERT_TRUE(seen);
    EXPECT_TRUE(seen->token_delivered());
    EXPECT_EQ(delivered, "好");
  }
  server.add({close()});
  EXPECT_TRUE(fault<ports::AiAway>());
}

TEST_F(ModelFaultTest, garbage_is_malformed) {
  const std::pair<const char*, std::string> garbage[] = {
      {"no JSON", "data: garbage\n\n"},
      {"invalid UTF-8", "data: {\"choices\":[{\"delta\":{\"content\":\"\xE8\xA9\"}}]}\n\n"},
      {"half a surrogate pair", R"(data: {"choices":[{"delta":{"content":"\ud83d"}}]})"
                                "\n\n"},
  };
  for (const auto& [what, text] : garbage) {
    server.add({stream_head(), send(text), hang()});
    EXPECT_TRUE(fault<ports::AiMalformed>()) << what;
    EXPECT_EQ(delivered, "") << what;
  }
  run_until([&] { return server.left == 3; });
}

TEST_F(ModelFaultTest, what_is_no_http_at_all_is_unavailable) {
  server.add({send("\x16\x03\x01\x02garbage\r\n\r\n"), close()});
  EXPECT_TRUE(fault<ports::AiAway>());
}

TEST_F(ModelFaultTest, a_page_instead_of_a_stream_is_malformed) {
  server.add({send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p/>")});
  EXPECT_TRUE(fault<ports::AiMalformed>());
}

TEST_F(ModelFaultTest, an_endless_line_is_malformed_and_stopped) {
  server.add({stream_head(), send("data: "), repeat(std::string(64 * 1024, 'x'))});
  const auto seen = fault<ports::AiMalformed>();
  ASSERT_TRUE(seen);
  EXPECT_STREQ(seen->what(), "the model's endpoint sends a line that is too long");
  run_until([&] { return server.left == 1; });
}

TEST_F(ModelFaultTest, too_many_bytes_are_malformed_and_stopped) {
  options.response_bytes_max = 100'000;
  server.add({stream_head(), repeat(": " + std::string(1'000, 'x') + "\n")});
  const auto seen = fault<ports::AiMalformed>();
  ASSERT_TRUE(seen);
  EXPECT_STREQ(seen->what(), "what the model's endpoint sends is too long");
  run_until([&] { return server.left == 1; });
}

TEST_F(ModelFaultTest, an_error_in_the_stream_is_what_the_server_says_it_is) {
  server.add({stream_head(),
              send(token("a") + R"(data: {"error":{"message":"oom"}})"
                                "\n\n"),
              close()});
  const auto seen = fault<ports::AiAway>();
  ASSERT_TRUE(seen);
  EXPECT_TRUE(seen->token_delivered());
  server.add({stream_head(),
              send(R"(data: {"error":{"code":429,"message":"slow"}})"
                   "\n\n"),
              close()});
  EXPECT_TRUE(fault<ports::AiThrottled>());
}

TEST_F(ModelFaultTest, a_name_that_leads_home_is_not_connected_to_where_that_is_not_allowed) {
  options.local = LocalAddresses::refused;
  options.endpoint.host = "localhost";
  const auto seen = fault<ports::AiAway>();
  ASSERT_TRUE(seen);
  EXPECT_TRUE(std::string_view(seen->what()).contains("not allowed"));
  EXPECT_EQ(server.accepted, 0);
}

TEST_F(ModelFaultTest, cancelling_closes_the_connection_upstream) {
  server.add({stream_head(), send(token("好")), hang()});
  base::TaskGroup group(io.get_executor(), [](std::exception_ptr) {});
  group.spawn(ask_until_cancelled());
  run_until([&] { return delivered == "好"; });
  EXPECT_EQ(server.left, 0);
  run(group.stop());
  EXPECT_TRUE(cancelled);
  run_until([&] { return server.left == 1 && http.size() == 0; });
}

TEST_F(ModelFaultTest, more_questions_than_there_is_room_for_are_refused_at_once) {
  HttpStream narrow(1);
  AiHttpClient one(options, {narrow, clock, random, log, metrics});
  server.add({hang()});
  base::TaskGroup group(io.get_executor(), [](std::exception_ptr) {});
  const auto later = base::Deadline::after(clock.monotonic(), 60s);
  const auto hold = [](AiHttpClient* ai, base::Deadline until) -> base::Task<void> {
    co_await ai->answer({.message = "a"}, nullptr, until);
  };
  group.spawn(hold(&one, later));
  run_until([&] { return server.requests.size() == 1; });
  EXPECT_THROW(run(one.answer({.message = "b"}, nullptr, later)), ports::AiAway);
  run(group.stop());
  run_until([&] { return narrow.size() == 0; });
  server.add(good());
  EXPECT_TRUE(run(one.answer({.message = "c"}, nullptr, later)).has_value());
}

TEST_F(ModelFaultTest, a_stream_that_goes_ends_what_runs) {
  auto short_lived = std::make_unique<HttpStream>();
  AiHttpClient one(options, {*short_lived, clock, random, log, metrics});
  server.add({hang()});
  auto asked = boost::asio::co_spawn(
      io, one.answer({.message = "a"}, nullptr, base::Deadline::after(clock.monotonic(), 60s)),
      boost::asio::use_future);
  run_until([&] { return server.requests.size() == 1; });
  short_lived.reset();
  run_until([&] { return is_ready(asked); });
  EXPECT_THROW(asked.get(), ports::AiAway);
}

TEST(RetryPauseTest, seconds_and_dates_are_read_and_bounded) {
  const auto now = base::time_from_unix_ms(1'445'412'480'000);  // 21 Oct 2015 07:28:00 GMT
  EXPECT_EQ(retry_pause("0", now), 0ms);
  EXPECT_EQ(retry_pause("120", now), 120s);
  EXPECT_EQ(retry_pause("3601", now), 3'600s);
  EXPECT_EQ(retry_pause("99999999999999999999999", now), 3'600s);
  EXPECT_EQ(retry_pause("Wed, 21 Oct 2015 07:28:30 GMT", now), 30s);
  EXPECT_EQ(retry_pause("Wed, 21 Oct 2015 07:00:00 GMT", now), 0ms);
  EXPECT_EQ(retry_pause("", now), std::nullopt);
  EXPECT_EQ(retry_pause("soon", now), std::nullopt);
}

}  // namespace
}  // namespace rubricon::ai_http
