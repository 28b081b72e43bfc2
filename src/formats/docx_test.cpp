#include <rubricon/formats/docx.hpp>

#include <rubricon/formats/markup.hpp>
#include <rubricon/formats/templates_test.hpp>
#include <rubricon/formats/zip.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

class Nothing final : public MarkupEvents {
 public:
  void start(std::string_view, const Attributes&) override {}
  void text(std::string_view) override {}
  void end(std::string_view) override {}
};

std::string document(const domain::Rubric& rubric, Language language) {
  const auto bytes = write_docx(rubric, language);
  Notes notes;
  auto archive = ZipArchive::open(bytes, notes);
  return archive ? archive->read("word/document.xml").value_or("") : "";
}

TEST(Docx, is_whole_xml_with_a_repeated_heading_row_on_a4_across) {
  for (const auto& rubric : templates()) {
    const auto xml = document(rubric, Language::both);
    Nothing events;
    ASSERT_EQ(read_xml(xml, events), XmlOutcome::whole);
    EXPECT_NE(xml.find("<w:tblHeader/>"), std::string::npos);
    EXPECT_NE(xml.find("w:orient=\"landscape\""), std::string::npos);
  }
}

TEST(Docx, texts_are_escaped_and_a_line_is_a_paragraph) {
  auto rubric = small_rubric();
  rubric.criteria[0].cells[0].descriptor.zh_tw = "<b>一</b>\n二";
  EXPECT_NE(document(rubric, Language::zh_tw)
                .find("10 分：&lt;b&gt;一&lt;/b&gt;</w:t></w:r></w:p><w:p><w:r><w:t "
                      "xml:space=\"preserve\">二</w:t>"),
            std::string::npos);
}

}  // namespace
}  // namespace rubricon::formats
