// Each rule of Canvas' own reader, as it was found out with the same CSV library.
#include <rubricon/formats/canvas_csv.hpp>

#include <rubricon/formats/excel_csv.hpp>
#include <rubricon/formats/import.hpp>
#include <rubricon/formats/preview_test.hpp>
#include <rubricon/formats/templates_test.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

constexpr const char* template_head =
    "Rubric Name,Criteria Name,Criteria Description,Criteria Enable Range,Rating Name,Rating "
    "Description,Rating Points,Rating Name,Rating Description,Rating Points\r\n";

Preview read(const std::string& text, std::size_t index = 0) {
  return import_rubric(text, {.format = {}, .rubric = index});
}

TEST(CanvasCsv, writes_a_row_a_criterion_with_a_triplet_a_rating) {
  EXPECT_EQ(write_canvas_csv(small_rubric(), Language::zh_tw),
            "Rubric Name,Criteria Name,Criteria Description,Criteria Enable Range,"
            "Rating Name,Rating Description,Rating Points,"
            "Rating Name,Rating Description,Rating Points,"
            "Rating Name,Rating Description,Rating Points\r\n"
            "議論文評分,論點與立場,是否可辯論,false,優秀,立場精確,10,良好,立場清楚,5,"
            "待加強,沒有立場,0\r\n"
            "議論文評分,組織,,false,優秀,段落分明,10,良好,大致分明,5,待加強,,0\r\n");
}

TEST(CanvasCsv, has_no_byte_order_mark_because_it_hides_the_first_heading) {
  for (const auto& rubric : templates()) {
    EXPECT_TRUE(write_canvas_csv(rubric, Language::both).starts_with("Rubric Name,"));
  }
}

TEST(CanvasCsv, leaves_unused_cells_bare_because_quoted_ones_become_ratings) {
  auto rubric = essay();
  rubric.criteria[0].focus = {};
  rubric.criteria[0].cells[3].descriptor = {};
  EXPECT_EQ(write_canvas_csv(rubric, Language::both).find("\"\""), std::string::npos);
}

TEST(CanvasCsv, gives_every_rating_its_points_and_has_no_blank_line) {
  for (const auto& rubric : templates()) {
    const auto text = write_canvas_csv(rubric, Language::zh_tw);
    EXPECT_EQ(text.find("\r\n\r\n"), std::string::npos);
    EXPECT_EQ(text.find(",,\r\n"), std::string::npos);
  }
}

TEST(CanvasCsv, does_not_guard_formulas_because_canvas_would_show_the_apostrophe) {
  auto rubric = small_rubric();
  rubric.criteria[0].name.zh_tw = "=2+2";
  EXPECT_NE(write_canvas_csv(rubric, Language::zh_tw).find(",=2+2,"), std::string::npos);
  EXPECT_NE(write_excel_csv(rubric, Language::zh_tw).find("'=2+2,"), std::string::npos);
}

TEST(CanvasCsv, quotes_line_breaks_and_commas_in_cells) {
  auto rubric = small_rubric();
  rubric.criteria[0].cells[0].descriptor.zh_tw = "第一行, \"甲\"\n第二行";
  EXPECT_NE(write_canvas_csv(rubric, Language::zh_tw).find("\"第一行, \"\"甲\"\"\n第二行\""),
            std::string::npos);
}

TEST(CanvasCsv, headings_are_found_by_words_in_either_case) {
  for (const char* head :
       {"rubric name,CRITERIA NAME,Criteria Description,Criteria Enable Range,Rating Name 1,Rating "
        "Description 1,Rating Points 1,Rating Name 2,Rating Description 2,Rating Points 2\n",
        template_head}) {
    const auto preview = read(std::string(head) + "R,C,D,false,A,a,4,B,b,0\n");
    ASSERT_TRUE(preview.rubric) << codes(preview);
    EXPECT_EQ(preview.rubric->title.en, "R");
    EXPECT_EQ(preview.rubric->criteria[0].focus.en, "D");
    EXPECT_EQ(preview.rubric->levels[1].name.en, "B");
    EXPECT_EQ(preview.rubric->total, domain::Amount::whole(4));
  }
}

TEST(CanvasCsv, reads_our_example) {
  const auto preview = read(
      "Rubric Name,Criteria Name,Criteria Description,Criteria Enable Range,Rating Name,Rating "
      "Description,Rating Points,Rating Name,Rating Description,Rating Points,Rating Name,Rating "
      "Description,Rating Points,Rating Name,Rating Description,Rating Points\n"
      "議論文評分,論點與立場,是否可辯論,false,優秀,立場精確,10,良好,立場清楚,7,"
      "發展中,立場模糊,4,待加強,沒有立場,0\n");
  ASSERT_TRUE(preview.rubric) << codes(preview);
  EXPECT_EQ(preview.rubric->title.zh_tw, "議論文評分");
  EXPECT_EQ(preview.rubric->levels.size(), 4u);
  EXPECT_EQ(preview.rubric->criteria[0].points, domain::Amount::whole(10));
  EXPECT_EQ(preview.rubric->criteria[0].cells[2].descriptor.zh_tw, "立場模糊");
  // 10, 7, 4, 0 is no straight line; ours is, and the teacher is told.
  EXPECT_EQ(codes(preview), "points_recomputed@2 ");
  EXPECT_EQ(preview.notes[0].message.zh_tw,
            "「論點與立場」在檔案中的分數是 10, 7, 4, 0，依權重計算為 10, 6.5, 3.5, 0。");
}

TEST(CanvasCsv, points_may_have_commas_and_words) {
  const auto preview = read(std::string(template_head) +
                            "R,C,,0,A,a,\"7,5\",B,b,zero\nR,D,,0,A,a,2.504 pts,B,b,0\n");
  ASSERT_TRUE(preview.rubric) << codes(preview);
  EXPECT_EQ(preview.rubric->criteria[0].points, domain::Amount::hundredths(750));
  EXPECT_EQ(preview.rubric->criteria[1].points, domain::Amount::hundredths(250));
  EXPECT_EQ(codes(preview), "points_unreadable@2:10 ");
}

TEST(CanvasCsv, ranges_that_are_not_kept_are_told) {
  const auto preview =
      read(std::string(template_head) + "R,C,,TRUE,A,a,8-10,B,b,0\nR,D,,false,A,a,10,B,b,0\n");
  ASSERT_TRUE(preview.rubric) << codes(preview);
  EXPECT_TRUE(codes(preview).starts_with("range_ignored@2:4 range_ignored@2:7 ")) << codes(preview);
  EXPECT_TRUE(preview.notes[1].message.en.contains("8-10"));
}

TEST(CanvasCsv, a_rating_without_points_is_an_error_as_in_canvas) {
  const auto preview = read(std::string(template_head) + "R,C,,0,A,a,4,B,b,\n");
  EXPECT_FALSE(preview.rubric);
  EXPECT_EQ(codes(preview), "points_missing@2:10 ");
}

TEST(CanvasCsv, of_several_rubrics_one_is_read_and_all_are_named) {
  const auto text =
      std::string(template_head) + "R,C,,0,A,a,4,B,b,0\nS,X,,0,A,x,6,B,y,0\nR,D,,0,A,a,4,B,b,0\n";
  const auto first = read(text);
  ASSERT_TRUE(first.rubric);
  EXPECT_EQ(first.rubric->criteria.size(), 2u);
  EXPECT_EQ(codes(first), "several_rubrics ");
  EXPECT_NE(first.notes[0].message.en.find("1 R; 2 S"), std::string::npos);
  const auto second = read(text, 1);
  ASSERT_TRUE(second.rubric);
  EXPECT_EQ(second.rubric->title.en, "S");
  EXPECT_EQ(codes(read(text, 2)), "no_such_rubric ");
}

TEST(CanvasCsv, criteria_may_have_fewer_ratings_of_other_names) {
  const auto preview = read(
      "Rubric Name,Criteria Name,Criteria Description,Criteria Enable Range,Rating Name,Rating "
      "Description,Rating Points,Rating Name,Rating Description,Rating Points,Rating Name,Rating "
      "Description,Rating Points\n"
      "R,C,,false,Top,a,4,Mid,b,2,Low,c,0\nR,D,,false,Low,y,0,Yes,x,4\n");
  ASSERT_TRUE(preview.rubric) << codes(preview);
  const auto& cells = preview.rubric->criteria[1].cells;
  EXPECT_EQ(cells[0].descriptor.en, "Yes: x");
  EXPECT_EQ(cells[1].descriptor.en, "");
  EXPECT_EQ(cells[2].descriptor.en, "y");
  EXPECT_EQ(codes(preview), "level_name_differs@3:9 ratings_missing@3 ");
}

TEST(CanvasCsv, blank_lines_are_no_criteria_here) {
  const auto preview =
      read(std::string(template_head) + "R,C,,0,A,a,4,B,b,0\n\n,,,,,,,,,\nR,D,,0,A,a,4,B,b,0\n\n");
  ASSERT_TRUE(preview.rubric);
  EXPECT_EQ(preview.rubric->criteria.size(), 2u);
  EXPECT_EQ(codes(read(std::string(template_head) + "R,,,0,A,a,4,B,b,0\n")), "name_missing@2:2 ");
}

TEST(CanvasCsv, a_byte_order_mark_does_no_harm_here) {
  EXPECT_TRUE(read("\xef\xbb\xbf" + std::string(template_head) + "R,C,,0,A,a,4,B,b,0\n").rubric);
}

}  // namespace
}  // namespace rubricon::formats
