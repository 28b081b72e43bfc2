#include <rubricon/formats/look.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

std::optional<Hiding> hidden_by(const char* style, const Look& parent = {}) {
  return hiding_of(look_of("span", {{"style", style}}, parent));
}

TEST(Look, of_ordinary_styles_can_be_read) {
  for (const auto* style : {"",
                            "font-size:0.9em",
                            "font-size: .5rem",
                            "font-size:10pt",
                            "font-size:80%",
                            "font-size:small",
                            "font:bold 12px/1.5 serif",
                            "font: 400 1em x",
                            "color:navy",
                            "color:#333;background:white",
                            "background:#d9d9d9",
                            "color:white;background:navy",
                            "color:#ffffff;background:#1f3864",
                            "color:white;background:url(\"a;b.png\")",
                            "text-indent:-24pt",
                            "margin-left:-5.4pt",
                            "opacity:0.5",
                            "visibility:visible",
                            "display:none-such",
                            "overflow:hidden",
                            "height:0",
                            "left:-9999px",
                            "mso-hide:none"}) {
    EXPECT_EQ(hidden_by(style), std::nullopt) << style;
  }
}

TEST(Look, that_is_not_displayed) {
  for (const auto* style :
       {"display:none", "DISPLAY : NONE !important", "dis/*x*/play:none", "color:red;display:none",
        "visibility:hidden", "visibility: collapse", "mso-hide:all", "opacity:0", "opacity: 0.0"}) {
    EXPECT_EQ(hidden_by(style), Hiding::not_displayed) << style;
  }
  EXPECT_EQ(hiding_of(look_of("p", {{"hidden", ""}}, {})), Hiding::not_displayed);
  EXPECT_EQ(hiding_of(look_of("template", {}, {})), Hiding::not_displayed);
}

TEST(Look, of_no_size) {
  for (const auto* style : {"font-size:0", "font-size:0px", "font-size:0.0pt", "font-size:1px",
                            "font-size:1pt", "font-size:0.01em", "font-size:1%", "font:0/0 a"}) {
    EXPECT_EQ(hidden_by(style), Hiding::tiny) << style;
  }
  const auto small = look_of("div", {{"style", "font-size:0.2em"}}, {});
  EXPECT_EQ(hiding_of(small), std::nullopt);
  EXPECT_EQ(hidden_by("font-size:0.2em", small), Hiding::tiny) << "of what it is in";
  EXPECT_EQ(hidden_by("font-size:12px", look_of("div", {{"style", "font-size:0"}}, {})),
            std::nullopt);
}

TEST(Look, of_the_colour_behind_it) {
  for (const auto* style :
       {"color:white", "color:#fff", "color:#fefefe", "color:rgb(255,255,255)", "color:transparent",
        "color:rgba(0,0,0,0)", "color:white;background:none", "background:black",
        "color:#1f3864;background-color:#1f3864"}) {
    EXPECT_EQ(hidden_by(style), Hiding::same_colour) << style;
  }
  const auto dark = look_of("td", {{"bgcolor", "#000000"}}, {});
  EXPECT_EQ(hidden_by("color:white", dark), std::nullopt);
  EXPECT_EQ(hidden_by("", dark), Hiding::same_colour);
  EXPECT_EQ(hiding_of(look_of("font", {{"color", "WHITE"}}, {})), Hiding::same_colour);
}

TEST(Look, of_what_stands_outside) {
  for (const auto* style :
       {"position:absolute;left:-9999px", "top:-999em;position:fixed", "text-indent:-9999px",
        "clip:rect(0,0,0,0)", "clip-path:inset(100%)", "transform:scale(0)",
        "height:0;overflow:hidden", "max-height:1px;overflow:hidden"}) {
    EXPECT_EQ(hidden_by(style), Hiding::out_of_sight) << style;
  }
}

TEST(Look, of_what_is_in_it) {
  const auto absent = look_of("div", {{"style", "display:none"}}, {});
  EXPECT_EQ(hidden_by("display:block", absent), Hiding::not_displayed);
  const auto invisible = look_of("div", {{"style", "visibility:hidden"}}, {});
  EXPECT_EQ(hidden_by("", invisible), Hiding::not_displayed);
  EXPECT_EQ(hidden_by("visibility:visible", invisible), std::nullopt);
}

}  // namespace
}  // namespace rubricon::formats
