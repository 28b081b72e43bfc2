#include <rubricon/postgres/quarter.hpp>

#include <gtest/gtest.h>

namespace rubricon::postgres {
namespace {

using namespace std::chrono_literals;

TEST(Quarter, begins_and_ends_where_the_calendar_says) {
  const auto last = Quarter::parse("2025q4").value();
  EXPECT_EQ(base::format_time(last.begin()), "2025-10-01T00:00:00.000Z");
  EXPECT_EQ(base::format_time(last.end()), "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(Quarter::of(last.begin()), last);
  EXPECT_EQ(Quarter::of(last.end() - 1ms), last);
  EXPECT_EQ(Quarter::of(last.end()).to_string(), "2026q1");
  EXPECT_EQ(Quarter::of(last.begin() - 1ms).to_string(), "2025q3");
  EXPECT_LT(last, last.later(1));
}

TEST(Quarter, is_read_by_itself_or_as_a_table) {
  const auto quarter = Quarter::parse("2025q3").value();
  EXPECT_EQ(Quarter::parse("messages_2025q3"), quarter);
  EXPECT_EQ(Quarter::parse("events_2025q3"), quarter);
  EXPECT_EQ(quarter.table_of("events"), "events_2025q3");
  for (const auto* wrong : {"", "2025", "2025q5", "2025q0", "2025Q1", "205q12", "chats_2025q1",
                            "messages_default", "2025q1;", "-025q1"}) {
    EXPECT_FALSE(Quarter::parse(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace rubricon::postgres
