// tests: xml_reader.cpp html_reader.cpp
#include <rubricon/formats/markup.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

class Recorder final : public MarkupEvents {
 public:
  void start(std::string_view name, const Attributes& attributes) override {
    out += "<" + std::string(name);
    for (const auto& [key, value] : attributes) out += " " + key + "=" + value;
    out += ">";
  }
  void text(std::string_view utf8) override { out += utf8; }
  void end(std::string_view name) override { out += "</" + std::string(name) + ">"; }

  std::string out;
};

TEST(Markup, is_escaped_for_text_and_attributes) {
  EXPECT_EQ(escape_markup("<a href=\"x\">'&論\n\t"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;論\n\t");
  EXPECT_EQ(escape_markup("a\x01\xef\xbf\xbe"), "a\uFFFD\uFFFD");
}

TEST(Markup, xml_is_read_with_local_names_and_its_five_entities) {
  Recorder events;
  EXPECT_EQ(read_xml("<?xml version=\"1.0\"?><x:a xmlns:x=\"u\" x:id=\"1\" b=\"&lt;\">t &amp;"
                     "&#x8ad6;<![CDATA[<c>]]><d/></x:a>",
                     events),
            XmlOutcome::whole);
  EXPECT_EQ(events.out, "<a id=1 b=<>t &論<c><d></d></a>");
}

// S20
TEST(Markup, a_document_type_stops_the_reader_before_any_entity) {
  for (const char* evil :
       {"<!DOCTYPE a [<!ENTITY b \"boom\">]><a>&b;</a>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
        "<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY y \"&x;&x;&x;\">]><a>&y;</a>"}) {
    Recorder events;
    EXPECT_EQ(read_xml(evil, events), XmlOutcome::document_type) << evil;
    EXPECT_EQ(events.out, "") << evil;
  }
  Recorder events;
  EXPECT_EQ(read_xml("<a>&unknown;</a>", events), XmlOutcome::malformed);
}

TEST(Markup, xml_that_is_broken_or_deep_is_refused) {
  for (const char* bad : {"", " ", "<a>", "<a></b>", "text", "<a/><b/>"}) {
    Recorder events;
    EXPECT_EQ(read_xml(bad, events), XmlOutcome::malformed) << bad;
  }
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  Recorder events;
  EXPECT_EQ(read_xml(deep, events), XmlOutcome::too_deep);
}

std::string html(std::string_view text) {
  Recorder events;
  read_html(text, events);
  return events.out;
}

TEST(Markup, html_is_taken_apart_as_a_browser_does) {
  EXPECT_EQ(html("<TABLE><tr><td ALIGN=left Class='a b' x data-y = \"&lt;\">論&nbsp;點<td>b<br/>c"
                 "</TD ></table><p>中文"),
            "<table><tr><td align=left class=a b x= data-y=<>論\u00a0點<td>b<br>c</td></table><p>"
            "中文");
  EXPECT_EQ(html("a<!-- <b> --x->c--> d<![if !vml]>e<![endif]><?xml x?>f"), "a def");
  EXPECT_EQ(html("1 < 2 <> </ > & &amp; &#x8ad6;&#35542;&#0;&#xd800; &bogus; &"),
            "1 < 2 <> </ > & & 論論\uFFFD\uFFFD &bogus; &");
  EXPECT_EQ(html("<style>td > p { } </b></STYLE>x<script>if (a</b) \"</script>y"),
            "<style></style>x<script></script>y");
}

TEST(Markup, html_may_end_anywhere) {
  const std::string text = "a<b c='d' e=f>g</b><!--h--><style>i</style>&amp;j";
  for (std::size_t length = 0; length <= text.size(); ++length) {
    Recorder events;
    read_html(std::string_view(text).substr(0, length), events);
  }
  EXPECT_EQ(html("a<b c='d"), "a");
}

// Parsers that compare each attribute with all before it need half a minute for this one.
TEST(Markup, a_tag_of_very_many_attributes_takes_no_longer_than_other_text) {
  std::string attributes;
  for (int i = 0; i < 300'000; ++i) attributes += " a" + std::to_string(i) + "=\"1\"";
  Recorder of_html;
  read_html("<a" + attributes + ">", of_html);
  EXPECT_NE(of_html.out.find(" a63=1>"), std::string::npos);
  Recorder of_xml;
  EXPECT_EQ(read_xml("<a" + attributes + "/>", of_xml), XmlOutcome::whole);
  EXPECT_NE(of_xml.out.find(" a63=1>"), std::string::npos);
}

}  // namespace
}  // namespace rubricon::formats
