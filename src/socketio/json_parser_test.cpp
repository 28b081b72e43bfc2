#include <rubricon/socketio/json_parser.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>

namespace rubricon::socketio {
namespace {

// Goal: the nearest double, for the long fractions that clients send and for the edges.
TEST(JsonParser, reads_doubles_exactly) {
  for (const char* text :
       {"0.1", "0.30000000000000004", "0.9007199254740993", "1847446446407370955160.0",
        "9844095516149807202027998055360844", "5e-324", "2.2250738585072014e-308",
        "1.7976931348623157e308", "-1.25E-07", "123456789012345678901234567890", "1e23"}) {
    const auto value = parse_exactly(text, 8);
    ASSERT_TRUE(value && value->is_double()) << text;
    EXPECT_EQ(value->get_double(), std::strtod(text, nullptr)) << text;
  }
}

// Goal: every double that is written in its shortest form is read back as itself.
TEST(JsonParser, reads_back_any_double) {
  std::uint64_t state = 7;
  for (int i = 0; i < 20'000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const auto number = std::bit_cast<double>(state >> 2);
    char text[64];
    std::snprintf(text, sizeof text, "[%.17g]", number);
    const auto value = parse_exactly(text, 8);
    ASSERT_TRUE(value) << text;
    if ((*value).at(0).is_double()) EXPECT_EQ((*value).at(0).get_double(), number) << text;
  }
}

TEST(JsonParser, reads_what_no_double_can_hold_as_infinity_or_zero) {
  EXPECT_EQ(parse_exactly("1e400", 8)->get_double(), std::numeric_limits<double>::infinity());
  EXPECT_EQ(parse_exactly("1e-400", 8)->get_double(), 0.0);
}

TEST(JsonParser, refuses_what_is_not_one_whole_text) {
  for (const char* text : {"", "[", "1 2", "[1]]", "1.", "-", "[1,]", "\xC0\x80", "nul"}) {
    EXPECT_FALSE(parse_exactly(text, 8)) << text;
  }
}

}  // namespace
}  // namespace rubricon::socketio
