#include <rubricon/rabbitmq/event_wire.hpp>

#include <rubricon/ports/contract/some_event.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace rubricon::rabbitmq {
namespace {

domain::Event event() {
  return *ports::contract::some_event(7);
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

TEST(EventWireTest, an_event_comes_out_as_it_went_in) {
  EXPECT_EQ(decode_event(encode_event(event())), event());
  auto of_user = event();
  of_user.stream = domain::StreamId(domain::UserId(base::Uuid::v7(3, {})));
  of_user.audience.clear();
  of_user.data = "{}";
  of_user.trace.clear();
  EXPECT_EQ(decode_event(encode_event(of_user)), of_user);
}

TEST(EventWireTest, writes_what_the_header_documents) {
  EXPECT_EQ(encode_event(event()),
            R"({"v":1,"stream":"chat:00000000-0001-7000-8000-000000000000","epoch":1,"seq":7,)"
            R"("type":"message-created","at":"1970-01-01T00:00:01.000Z",)"
            R"("audience":["00000000-0002-7000-8000-000000000000"],)"
            R"("trace":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",)"
            R"("data":"{\"content\":\"評分\"}"})");
  EXPECT_EQ(encode_job(domain::JobId(base::Uuid::v7(1, {}))),
            R"({"v":1,"job":"00000000-0001-7000-8000-000000000000"})");
}

TEST(EventWireTest, skips_members_that_a_later_version_adds) {
  const auto body = replaced(encode_event(event()), R"("epoch")", R"("new":[{}],"epoch")");
  EXPECT_EQ(decode_event(body), event());
}

TEST(EventWireTest, drops_a_traceparent_that_is_none) {
  const auto decoded =
      decode_event(replaced(encode_event(event()), R"("trace":"00-)", R"("trace":"zz-)"));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->trace, "");
}

TEST(EventWireTest, refuses_what_clients_could_not_be_shown) {
  const auto good = encode_event(event());
  const std::vector<std::pair<std::string, std::string>> changes = {
      {R"("v":1)", R"("v":2)"},
      {R"("v":1,)", ""},
      {R"("chat:)", R"("room:)"},
      {R"("epoch":1)", R"("epoch":0)"},
      {R"("epoch":1)", R"("epoch":"1")"},
      {R"("seq":7)", R"("seq":-7)"},
      {R"("seq":7)", R"("seq":7.5)"},
      {R"("seq":7)", R"("seq":9223372036854775808)"},
      {"message-created", "message-sung"},
      {"1970-01-01T", "1970-01-01 "},
      {R"(["00000000-0002)", R"(["x0000000-0002)"},
      {R"("audience":[)", R"("audience":[1,)"},
      {R"({\"content\")", R"([\"content\")"},
      {R"({\"content\")", R"({ \"content\")"},
      {R"({\"content\":\"評分\"})", "{ }"},
      {R"({\"content\":\"評分\"})", R"({\"content\":\"評分\"}})"},
      {R"({\"content\":\"評分\"})", R"({\"content\":\"\u0001\"})"},
      {R"({\"content\":\"評分\"})", ""},
  };
  for (const auto& [what, by] : changes) {
    const auto decoded = decode_event(replaced(good, what, by));
    EXPECT_FALSE(decoded) << what << " -> " << by;
  }
  for (const auto* body : {"", "{", "[]", "null", R"({"v":1})"}) {
    EXPECT_FALSE(decode_event(body)) << body;
  }
}

TEST(EventWireTest, refuses_an_audience_that_is_too_large_or_not_sorted) {
  auto crowd = event();
  crowd.audience.clear();
  for (int n = 1; n <= 101; ++n) crowd.audience.emplace_back(base::Uuid::v7(n, {}));
  EXPECT_FALSE(decode_event(encode_event(crowd)));
  crowd.audience.pop_back();
  EXPECT_TRUE(decode_event(encode_event(crowd)));
  std::swap(crowd.audience.front(), crowd.audience.back());
  EXPECT_FALSE(decode_event(encode_event(crowd)));
}

TEST(EventWireTest, never_sends_nor_reads_a_body_beyond_the_bound) {
  auto huge = event();
  huge.data = R"({"content":")" + std::string(body_bytes_max, 'x') + "\"}";
  EXPECT_THROW(encode_event(huge), std::length_error);
  EXPECT_FALSE(decode_event(encode_event(event()) + std::string(body_bytes_max, ' ')));
  const std::string deep(100, '[');
  EXPECT_FALSE(decode_event(R"({"v":1,"x":)" + deep));
}

TEST(EventWireTest, an_announcement_comes_out_as_it_went_in_or_not_at_all) {
  const domain::JobId job(base::Uuid::v7(1, {}));
  EXPECT_EQ(decode_job(encode_job(job)), job);
  for (const auto* body : {"", "{}", R"({"v":1})", R"({"v":1,"job":7})", R"({"v":1,"job":"7"})",
                           R"({"v":2,"job":"00000000-0001-7000-8000-000000000000"})"}) {
    EXPECT_FALSE(decode_job(body)) << body;
  }
}

TEST(EventWireTest, lines_are_joined_in_their_order_up_to_the_bounds_and_come_apart_again) {
  const auto all = [](const std::vector<std::string>& bodies) {
    std::vector<std::string> lines;
    for (const auto& body : bodies) {
      for (const auto line : split_lines(body).value()) lines.emplace_back(line);
    }
    return lines;
  };
  std::vector<std::string> lines;
  for (int n = 0; n < 150; ++n) lines.push_back("line " + std::to_string(n));
  const auto many = join_lines(lines);
  EXPECT_EQ(many.size(), 3u);
  EXPECT_EQ(all(many), lines);

  const std::string large(bytes_enough, 'x');
  const auto bodies = join_lines({"a", large, "b", "c"});
  EXPECT_EQ(bodies, (std::vector<std::string>{"a", large, "b\nc"}));
  EXPECT_TRUE(join_lines({}).empty());
  EXPECT_EQ(split_lines(""), (std::vector<std::string_view>{""}));
  EXPECT_TRUE(split_lines(std::string(lines_max - 1, '\n')));
  EXPECT_FALSE(split_lines(std::string(lines_max, '\n')));
}

TEST(EventWireTest, an_error_does_not_repeat_what_was_read) {
  const auto decoded = decode_event(R"({"v":1,"stream":"secret"})");
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().detail, "the event has no stream");
}

}  // namespace
}  // namespace rubricon::rabbitmq
