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
            MarkupOutcome::whole);
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
    EXPECT_EQ(read_xml(evil, events), MarkupOutcome::document_type) << evil;
    EXPECT_EQ(events.out, "") << evil;
  }
  Recorder events;
  EXPECT_EQ(read_xml("<a>&unknown;</a>", events), MarkupOutcome::malformed);
}

TEST(Markup, xml_that_is_broken_or_deep_is_refused) {
  for (const char* bad : {"", " ", "<a>", "<a></b>", "text", "<a/><b/>"}) {
    Recorder events;
    EXPECT_EQ(read_xml(bad, events), MarkupOutcome::malformed) << bad;
  }
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  Recorder events;
  EXPECT_EQ(read_xml(deep, events), MarkupOutcome::too_deep);
}

TEST(Markup, html_is_read_however_broken) {
  Recorder events;
  EXPECT_EQ(read_html("<TABLE><tr><td ALIGN=left>論&nbsp;點<td>b<br>c</table><meta "
                      "charset=big5><p>中文",
                      events),
            MarkupOutcome::whole);
  EXPECT_NE(events.out.find("<td align=left>論\u00a0點</td><td>b<br></br>c</td>"),
            std::string::npos)
      << events.out;
  EXPECT_NE(events.out.find("中文"), std::string::npos);
}

TEST(Markup, html_that_is_deep_is_refused_at_once) {
  std::string deep;
  for (int i = 0; i < 150'000; ++i) deep += "<b>";
  for (int i = 0; i < 150'000; ++i) deep += "</i>";
  Recorder events;
  EXPECT_EQ(read_html(deep, events), MarkupOutcome::too_deep);
}

}  // namespace
}  // namespace rubricon::formats
