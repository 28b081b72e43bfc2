#include <rubricon/observability/log.hpp>

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

#include <string>
#include <vector>

namespace rubricon::observability {
namespace {

using namespace std::chrono_literals;

class LogTest : public ::testing::Test {
 protected:
  Log make(LogOptions options) {
    return Log(
        options, [this] { return now; },
        [this](std::string_view line) { lines.emplace_back(line); });
  }

  base::Time now = *base::parse_time("2026-11-22T21:48:35.123Z");
  std::vector<std::string> lines;
};

TEST_F(LogTest, writes_one_json_object_a_line_in_ecs_names) {
  auto log = make({});
  log.info("outbox.published", {{"chat_id", "c1"},
                                {"lag_ms", 12},
                                {"trace.id", "abc"},
                                {"ratio", 0.5},
                                {"last", true},
                                {"size_bytes", 7u}});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(boost::json::parse(lines[0]), boost::json::parse(R"({
      "@timestamp": "2026-11-22T21:48:35.123Z", "log.level": "info", "ecs.version": "8.11",
      "service.name": "rubricon", "event.action": "outbox.published",
      "message": "outbox.published", "rubricon.chat_id": "c1", "rubricon.lag_ms": 12,
      "trace.id": "abc", "rubricon.ratio": 0.5, "rubricon.last": true,
      "rubricon.size_bytes": 7})"));
  log.error("x.failed", {{"message", "in words"}});
  EXPECT_EQ(boost::json::parse(lines[1]).at("message"), "in words");
  EXPECT_EQ(boost::json::parse(lines[1]).at("log.level"), "error");
}

TEST_F(LogTest, writes_text_for_a_terminal) {
  auto log = make({.format = LogFormat::text});
  log.warn("net.accept_failed", {{"error", "too many open files"}, {"n", 3}, {"path", "/a"}});
  EXPECT_EQ(lines[0],
            "21:48:35.123 WARN  net.accept_failed error=\"too many open files\" n=3 path=/a");
}

TEST_F(LogTest, no_value_can_break_its_line_or_forge_another) {
  const std::string nasty =
      std::string("a\"b\\c\nd\r\x1b[31m\x7f") + '\0' + "\xC3\xA9\xFF\xED\xA0\x80";
  auto json = make({});
  json.info("x.y", {{"v", nasty}});
  EXPECT_EQ(boost::json::parse(lines[0]).at("rubricon.v").as_string(),
            std::string_view("a\"b\\c\nd\r\x1b[31m\x7f\0é\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
                             "\xEF\xBF\xBD",
                             29));
  auto text = make({.format = LogFormat::text});
  text.info("x.y", {{"v", nasty}});
  for (const char c : lines[1]) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20);
}

TEST_F(LogTest, records_are_bounded) {
  auto log = make({});
  const std::string large(100'000, 'x');
  log.info("x.y", {{"a", large}, {"b", large}, {"c", large}, {"d", large}, {"e", large}});
  const std::string escaped(100'000, '\n');
  log.info("x.y", {{"a", escaped}, {"b", escaped}, {"c", escaped}, {"d", escaped}});
  EXPECT_LE(lines[0].size(), 16u * 1024);
  EXPECT_LE(lines[1].size(), 16u * 1024);
  EXPECT_TRUE(boost::json::parse(lines[0]).is_object());
}

TEST_F(LogTest, levels_below_the_chosen_one_are_not_written) {
  auto log = make({.level = Level::warning});
  log.debug("a.a");
  log.info("a.b");
  log.warn("a.c");
  log.repeated(Level::info, "a.d");
  EXPECT_EQ(lines.size(), 1u);
  Log silent;
  silent.error("a.e");
  silent.repeated(Level::error, "a.f");
}

TEST_F(LogTest, repeated_faults_are_counted_instead_of_written) {
  auto log = make({.repeated_max = 2, .repeated_window = 1s});
  for (int i = 0; i < 5; ++i) log.repeated(Level::warning, "db.gone");
  log.repeated(Level::warning, "something.else");
  EXPECT_EQ(lines.size(), 3u);
  now += 1s;
  log.repeated(Level::warning, "db.gone");
  log.repeated(Level::warning, "db.gone");
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(boost::json::parse(lines[3]).at("rubricon.suppressed"), 3);
  EXPECT_FALSE(boost::json::parse(lines[4]).as_object().contains("rubricon.suppressed"));
}

}  // namespace
}  // namespace rubricon::observability
