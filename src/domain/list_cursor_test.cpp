#include <rubricon/domain/list_cursor.hpp>

#include <gtest/gtest.h>

namespace rubricon::domain {
namespace {

TEST(ListCursor, what_was_encoded_is_decoded) {
  const ListCursor cursor{ListCursor::Section::others, base::time_from_unix_ms(1'795'384'115'123),
                          ChatId(base::Uuid::v7(1'795'384'115'000, {9, 8, 7}))};
  EXPECT_EQ(parse_list_cursor(to_string(cursor)), cursor);
  EXPECT_EQ(parse_list_cursor(to_string(ListCursor::start())), ListCursor::start());
  EXPECT_EQ(to_string(cursor).size(), 36u);
}

TEST(ListCursor, every_damage_is_noticed_or_gives_another_valid_place) {
  const std::string good = to_string(ListCursor::start());
  EXPECT_FALSE(parse_list_cursor(""));
  EXPECT_FALSE(parse_list_cursor(good.substr(1)));
  EXPECT_FALSE(parse_list_cursor(good + "A"));
  EXPECT_FALSE(parse_list_cursor(good + "===="));
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const char c : {'=', '+', '/', ' ', '\0', '\x80'}) {
      std::string bad = good;
      bad[i] = c;
      EXPECT_FALSE(parse_list_cursor(bad)) << i;
    }
    std::string other = good;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    // One spelling for each place: what decodes encodes back to itself.
    if (const auto place = parse_list_cursor(other)) EXPECT_EQ(to_string(*place), other);
  }
}

TEST(ListCursor, times_before_1970_and_unknown_formats_are_not_ours) {
  std::string negative = to_string(ListCursor::start());
  negative[2] = '_';
  negative[3] = '_';
  EXPECT_FALSE(parse_list_cursor(negative));
  EXPECT_FALSE(parse_list_cursor(std::string(36, 'A'))) << "format 0";
}

}  // namespace
}  // namespace rubricon::domain
