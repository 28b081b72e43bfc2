#include <rubricon/base/time.hpp>

#include <gtest/gtest.h>

namespace rubricon::base {
namespace {

TEST(Time, is_written_as_rfc_3339_with_milliseconds) {
  EXPECT_EQ(format_time(time_from_unix_ms(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_time(time_from_unix_ms(1'795'384'115'123)), "2026-11-22T21:48:35.123Z");
}

TEST(Time, parses_only_what_it_writes) {
  const auto time = parse_time("2026-11-22T21:48:35.123Z");
  ASSERT_TRUE(time);
  EXPECT_EQ(unix_ms(*time), 1'795'384'115'123);
  for (const char* bad :
       {"", "2026-11-22T21:48:35Z", "2026-02-30T00:00:00.000Z", "2026-11-22T24:00:00.000Z",
        "2026-11-22 21:48:35.123Z", "2026-11-22T21:48:35.12xZ"}) {
    EXPECT_FALSE(parse_time(bad)) << bad;
  }
}

}  // namespace
}  // namespace rubricon::base
