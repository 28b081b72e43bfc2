#include <rubricon/formats/markdown.hpp>

#include <rubricon/formats/import.hpp>
#include <rubricon/formats/preview_test.hpp>
#include <rubricon/formats/templates_test.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

TEST(Markdown, writes_a_heading_and_a_pipe_table) {
  EXPECT_EQ(write_markdown(small_rubric(), Language::zh_tw),
            "# 議論文評分\n\n"
            "| 評分項目 | 說明 | 權重（%） | 配分 | 優秀 | 良好 | 待加強 |\n"
            "| --- | --- | ---: | ---: | --- | --- | --- |\n"
            "| 論點與立場 | 是否可辯論 | 50 | 10 | 10 分：立場精確 | 5 分：立場清楚 | "
            "0 分：沒有立場 |\n"
            "| 組織 |  | 50 | 10 | 10 分：段落分明 | 5 分：大致分明 | 0 分 |\n"
            "| 合計 |  | 100 | 20 |  |  |  |\n");
}

TEST(Markdown, escapes_what_would_be_markup) {
  auto rubric = small_rubric();
  rubric.title.zh_tw = "![x](http://evil.example/p.png) <img src=x onerror=y>";
  const auto text = write_markdown(rubric, Language::zh_tw);
  EXPECT_TRUE(
      text.starts_with("# \\!\\[x\\](http://evil.example/p.png) \\<img src=x onerror=y\\>\n"));
}

TEST(Markdown, a_second_table_is_told) {
  const std::string table =
      "| Criterion | Weight | Good | Poor |\n|---|---|---|---|\n| A | 100 | a1 | a2 |\n\n";
  const auto preview = import_rubric("# One\n\n" + table + "# Two\n\n" + table, {});
  ASSERT_TRUE(preview.rubric) << codes(preview);
  EXPECT_EQ(preview.rubric->criteria.size(), 1u);
  EXPECT_EQ(codes(preview), "several_tables ");
}

TEST(Markdown, tables_that_people_write_are_read) {
  const auto preview = import_rubric(
      "Some words.\n\n## Lab report\n\nCriterion | **Strong** (4) | Weak (0)\n:--|:-:|--:\n"
      "Method | clear\\|exact<br>steps | `none`\nData | &lt;5 % off | more\n\nMore words | here\n",
      {});
  ASSERT_TRUE(preview.rubric) << codes(preview);
  EXPECT_EQ(preview.rubric->title.en, "Lab report");
  EXPECT_EQ(preview.rubric->criteria.size(), 2u);
  EXPECT_EQ(preview.rubric->criteria[0].cells[0].descriptor.en, "clear|exact\nsteps");
  EXPECT_EQ(preview.rubric->criteria[0].cells[1].descriptor.en, "none");
  EXPECT_EQ(preview.rubric->criteria[1].cells[0].descriptor.en, "<5 % off");
  EXPECT_EQ(preview.rubric->total, domain::Amount::whole(8));
}

TEST(Markdown, without_a_table_there_is_an_error) {
  EXPECT_EQ(codes(import_rubric("# Title\n\nonly words\n", {.format = FormatId::markdown})),
            "no_table ");
}

TEST(Markdown, ten_thousand_columns_are_refused_at_their_line) {
  std::string wide = "|a|b|\n|-|-|\n|";
  for (int i = 0; i < 10'000; ++i) wide += "x|";
  EXPECT_EQ(codes(import_rubric(wide, {})), "too_many_columns@3 ");
}

}  // namespace
}  // namespace rubricon::formats
