#include <rubricon/ai_http/without_key.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_http {
namespace {

constexpr std::string_view key = "sk/a+b=\"c";

TEST(WithoutKey, every_spelling_of_the_key_that_json_knows_is_taken_out) {
  for (const std::string_view spelt : {R"(sk/a+b="c)", R"(sk\/a+b=\"c)",
                                       R"(sk\u002fa\u002Bb=\u0022c)", R"(\u0073k\\\/a+b=\\\"c)"}) {
    EXPECT_EQ(without_key("key " + std::string(spelt) + ".", key), "key ….") << spelt;
  }
}

TEST(WithoutKey, each_of_several_goes_and_they_need_nothing_between_them) {
  EXPECT_EQ(without_key("s3cr3ts3cr3t, s3s3cr3t", "s3cr3t"), "……, s3…");
}

TEST(WithoutKey, what_only_begins_like_it_stays_to_the_byte) {
  for (const std::string_view text : {R"(sk/a+b=)", R"(sk\/a+b=\)", R"(sk\u002)",
                                      R"(sk\u002xa+b="c)", R"(C:\\sk\n)", "評分規準"}) {
    EXPECT_EQ(without_key(text, key), text);
  }
}

TEST(WithoutKey, a_key_with_a_backslash_is_found_as_it_is_and_escaped) {
  EXPECT_EQ(without_key(R"(a\b a\\b)", R"(a\b)"), "… …");
}

TEST(WithoutKey, without_a_key_nothing_is_taken_out) {
  EXPECT_EQ(without_key("text", ""), "text");
}

}  // namespace
}  // namespace rubricon::ai_http
