#include <rubricon/formats/colour.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

TEST(Colour, is_read_in_each_spelling_of_css) {
  for (const auto* text : {"white", "#fff", "#ffffff", "#ffff", "#ffffffff", "rgb(255,255,255)",
                           "rgb(100%, 100%, 100%)", "rgba(255 255 255 / 1)", "rgb(300,999,255)"}) {
    EXPECT_EQ(parse_css_colour(text), white) << text;
  }
  EXPECT_EQ(parse_css_colour("#d9d9d9"), (Colour{.red = 217, .green = 217, .blue = 217}));
  EXPECT_EQ(parse_css_colour("rgba(0,0,0,0)"), parse_css_colour("transparent"));
  EXPECT_EQ(parse_css_colour("rgba(255,0,0,50%)"), (Colour{.red = 255, .alpha = 128}));
}

TEST(Colour, that_is_not_known_is_none) {
  for (const auto* text : {"", "navy", "#", "#ff", "#ggg", "#fffff", "rgb", "rgb(1,2)", "rgbx(",
                           "url(x)", "rgb(a,b,c)"}) {
    EXPECT_EQ(parse_css_colour(text), std::nullopt) << text;
  }
}

TEST(Colour, of_a_workbook_has_its_transparency_read_over) {
  EXPECT_EQ(parse_argb("FFFFFFFF"), white);
  EXPECT_EQ(parse_argb("00ffffff"), white);
  EXPECT_EQ(parse_argb("FFFFFF"), white);
  EXPECT_EQ(parse_argb("FFF"), std::nullopt);
  EXPECT_EQ(parse_argb("FFZZFFFF"), std::nullopt);
}

TEST(Colour, is_lost_on_one_that_is_nearly_the_same) {
  EXPECT_TRUE(is_lost_on(white, white));
  EXPECT_TRUE(is_lost_on({.red = 250, .green = 250, .blue = 250}, white));
  EXPECT_TRUE(is_lost_on({.alpha = 0}, white));
  EXPECT_FALSE(is_lost_on(black, white));
  EXPECT_FALSE(is_lost_on({.red = 255}, {.green = 255}));
  EXPECT_FALSE(is_lost_on({.red = 217, .green = 217, .blue = 217}, white));
}

}  // namespace
}  // namespace rubricon::formats
