#include <rubricon/ai_http/sse.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_http {
namespace {

std::vector<SseEvent> parse(std::string_view bytes, std::size_t step = 1'000'000) {
  SseParser parser;
  std::vector<SseEvent> events;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    EXPECT_TRUE(parser.feed(bytes.substr(at, step), events));
  }
  return events;
}

TEST(SseTest, events_are_the_same_however_their_bytes_are_cut) {
  constexpr std::string_view stream =
      "\xEF\xBB\xBF"
      "data: 評分🙂\n\n: keep-alive\n\nevent: error\r\ndata:two\r\ndata: lines\r\n\r\n"
      "id: 7\rdata\r\rretry: 10\n\ndata:  a\nother: x\n\n";
  const std::vector<SseEvent> expected = {
      {"", "評分🙂"}, {"error", "two\nlines"}, {"", ""}, {"", " a"}};
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    EXPECT_EQ(parse(stream, step), expected) << "in pieces of " << step;
  }
}

TEST(SseTest, an_event_that_no_empty_line_closes_was_cut) {
  EXPECT_TRUE(parse("data: half").empty());
  EXPECT_TRUE(parse("data: half\n").empty());
  EXPECT_EQ(parse("data: whole\n\ndata: half\n").size(), 1u);
}

TEST(SseTest, what_follows_the_end_of_the_stream_is_ignored) {
  SseParser parser;
  std::vector<SseEvent> events;
  EXPECT_TRUE(parser.feed("data: a\n\n", events));
  EXPECT_FALSE(parser.done());
  EXPECT_TRUE(parser.feed("data: [DONE]\n\ndata: b\n\n", events));
  EXPECT_TRUE(parser.done());
  EXPECT_TRUE(parser.feed("data: c\n\n", events));
  EXPECT_EQ(events, (std::vector<SseEvent>{{"", "a"}}));
}

TEST(SseTest, an_endless_line_is_refused_at_its_limit_and_not_kept) {
  SseParser parser({.line_bytes_max = 16, .event_bytes_max = 64});
  std::vector<SseEvent> events;
  EXPECT_TRUE(parser.feed("data: 1234567890", events));
  EXPECT_FALSE(parser.failed());
  EXPECT_FALSE(parser.feed("1", events));
  EXPECT_TRUE(parser.failed());
  EXPECT_FALSE(parser.feed("\n\ndata: x\n\n", events));
  EXPECT_TRUE(events.empty());
}

TEST(SseTest, an_event_of_endlessly_many_lines_is_refused_at_its_limit) {
  SseParser parser({.line_bytes_max = 16, .event_bytes_max = 10});
  std::vector<SseEvent> events;
  EXPECT_TRUE(parser.feed("data: 1234\ndata: 123\n", events));
  EXPECT_FALSE(parser.feed("data: 12\n\n", events));
  EXPECT_TRUE(events.empty());
}

}  // namespace
}  // namespace rubricon::ai_http
