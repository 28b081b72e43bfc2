// tests: export.cpp
#include <rubricon/formats/export_limits.hpp>

#include <rubricon/formats/export.hpp>
#include <rubricon/formats/preview_test.hpp>
#include <rubricon/formats/templates_test.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

std::string warnings(const domain::Rubric& rubric, FormatId format) {
  return codes({std::nullopt, export_warnings(rubric, format, Language::zh_tw)});
}

TEST(ExportLimits, good_rubrics_go_without_a_word) {
  for (const auto& rubric : templates()) {
    EXPECT_EQ(warnings(rubric, FormatId::canvas_csv), "");
    EXPECT_EQ(warnings(rubric, FormatId::classroom_json), "");
    EXPECT_EQ(warnings(rubric, FormatId::xlsx), "");
  }
}

TEST(ExportLimits, say_what_a_program_will_not_take) {
  auto rubric = small_rubric();
  EXPECT_EQ(warnings(rubric, FormatId::canvas_csv), "empty_descriptor@2:3 ");
  rubric.criteria[1].cells[2].descriptor.zh_tw = "零散";
  rubric.kind = domain::RubricKind::holistic;
  EXPECT_EQ(warnings(rubric, FormatId::canvas_csv), "kind_not_kept ");
  rubric.kind = domain::RubricKind::single_point;
  EXPECT_EQ(warnings(rubric, FormatId::moodle_json), "kind_not_kept assignment_unknown ");
  EXPECT_EQ(warnings(rubric, FormatId::docx), "");
  rubric.kind = domain::RubricKind::analytic;
  rubric.criteria[0].name.zh_tw = "論點與立場是否清楚而且可以辯論";
  EXPECT_EQ(warnings(rubric, FormatId::turnitin_xlsx), "title_cut@1 ");
  rubric.criteria[0].weight = domain::Amount();
  rubric = domain::recompute_points(rubric);
  EXPECT_EQ(warnings(rubric, FormatId::classroom_json), "weights_not_100 points_equal@1:2 ");
}

TEST(Export, names_the_file_after_the_title_in_its_language) {
  const auto& format = format_of(FormatId::xlsx);
  EXPECT_EQ(export_rubric(small_rubric(), format, {.language = Language::en}).file_name,
            "議論文評分.xlsx");
  EXPECT_TRUE(
      export_rubric(essay(), format, {.language = Language::en}).file_name.ends_with("essay.xlsx"));
}

}  // namespace
}  // namespace rubricon::formats
