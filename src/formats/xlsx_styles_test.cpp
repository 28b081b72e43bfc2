#include <rubricon/formats/xlsx_styles.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

constexpr const char* sheet =
    "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\";;;\"/>"
    "<numFmt numFmtId=\"165\" formatCode=\"0.0;-0.0;;@\"/></numFmts>"
    "<fonts><font><sz val=\"11\"/></font><font><color rgb=\"FFFFFFFF\"/></font>"
    "<font><sz val=\"1\"/></font></fonts>"
    "<fills><fill><patternFill patternType=\"none\"/></fill>"
    "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FF1F3864\"/></patternFill></fill>"
    "<fill><patternFill patternType=\"gray125\"/></fill></fills>"
    "<cellStyleXfs><xf fontId=\"1\"/></cellStyleXfs>"
    "<cellXfs><xf fontId=\"0\" fillId=\"0\"/><xf fontId=\"1\" fillId=\"0\"/>"
    "<xf fontId=\"1\" fillId=\"1\"/><xf fontId=\"2\" fillId=\"0\"/>"
    "<xf fontId=\"0\" fillId=\"0\" numFmtId=\"164\"/><xf fontId=\"1\" fillId=\"2\"/>"
    "<xf numFmtId=\"165\"/></cellXfs>"
    "<dxfs><dxf><font><color rgb=\"FFFFFFFF\"/></font></dxf></dxfs></styleSheet>";

std::optional<Hiding> hidden_by(std::string_view style) {
  XlsxStyles styles;
  EXPECT_EQ(read_xml(sheet, styles), XmlOutcome::whole);
  const auto look = styles.look(style);
  return hiding_of(look, look.font);
}

TEST(XlsxStyles, of_ordinary_cells_can_be_read) {
  EXPECT_EQ(hidden_by("0"), std::nullopt);
  EXPECT_EQ(hidden_by(""), std::nullopt);
  EXPECT_EQ(hidden_by("99"), std::nullopt);
  EXPECT_EQ(hidden_by("2"), std::nullopt) << "white on blue";
  EXPECT_EQ(hidden_by("5"), std::nullopt) << "white on a pattern that is not known";
  EXPECT_EQ(hidden_by("6"), std::nullopt) << "a format that shows texts";
}

TEST(XlsxStyles, of_cells_that_nobody_can_read) {
  EXPECT_EQ(hidden_by("1"), Hiding::same_colour);
  EXPECT_EQ(hidden_by("3"), Hiding::tiny);
  EXPECT_EQ(hidden_by("4"), Hiding::number_format);
}

TEST(XlsxStyles, a_run_has_a_font_of_its_own) {
  XlsxStyles styles;
  EXPECT_EQ(read_xml(sheet, styles), XmlOutcome::whole);
  EXPECT_EQ(hiding_of(styles.look("0"), XlsxFont{white, 11}), Hiding::same_colour);
  EXPECT_EQ(hiding_of(styles.look("2"), XlsxFont{white, 11}), std::nullopt);
}

}  // namespace
}  // namespace rubricon::formats
