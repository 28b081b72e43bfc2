#include <rubricon/formats/xlsx_text.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

class Reader final : public MarkupEvents {
 public:
  void start(std::string_view name, const Attributes& attributes) override {
    reader.start(name, attributes);
  }
  void text(std::string_view utf8) override { reader.text(utf8); }
  void end(std::string_view name) override { reader.end(name); }

  XlsxTextReader reader;
};

XlsxText read(std::string_view xml) {
  Reader events;
  EXPECT_EQ(read_xml(xml, events), XmlOutcome::whole);
  return events.reader.take();
}

TEST(XlsxText, of_one_font_is_one_run) {
  EXPECT_EQ(read("<si><t>論點</t></si>"), (XlsxText{{"論點", {}}}));
  EXPECT_EQ(read("<si><r><t>很</t></r><r><t>強</t></r></si>"), (XlsxText{{"很強", {}}}));
  EXPECT_EQ(read("<si><t>論</t><rPh><t>ろん</t></rPh></si>"), (XlsxText{{"論", {}}}));
  EXPECT_EQ(read("<si/>"), XlsxText());
}

TEST(XlsxText, has_the_font_of_each_run) {
  const auto text = read(
      "<si><r><t>a</t></r><r><rPr><sz val=\"1\"/><color rgb=\"FFFFFFFF\"/></rPr><t>b</t></r>"
      "<r><rPr><b/></rPr><t>c</t></r></si>");
  EXPECT_EQ(text, (XlsxText{{"a", {}}, {"b", XlsxFont{white, 1}}, {"c", XlsxFont{}}}));
}

TEST(XlsxText, knows_the_colours_of_window_and_text) {
  EXPECT_EQ(xlsx_colour({{"theme", "0"}}), white);
  EXPECT_EQ(xlsx_colour({{"theme", "1"}}), black);
  EXPECT_EQ(xlsx_colour({{"indexed", "9"}}), white);
  EXPECT_EQ(xlsx_colour({{"indexed", "64"}}), black);
  EXPECT_EQ(xlsx_colour({{"auto", "1"}}), black);
  EXPECT_EQ(xlsx_colour({{"theme", "0"}, {"tint", "-0.5"}}), std::nullopt);
  EXPECT_EQ(xlsx_colour({{"theme", "4"}}), std::nullopt);
}

}  // namespace
}  // namespace rubricon::formats
