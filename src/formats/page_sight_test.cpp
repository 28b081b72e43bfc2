#include <rubricon/formats/page_sight.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

const Attributes none = {{"style", "display:none"}};
const Attributes pale = {{"style", "color:white"}};

bool is_absent(const PageSight& page) {
  return page.look().absent;
}

TEST(PageSight, of_what_is_in_an_element_ends_with_it) {
  PageSight page;
  page.start("div", none);
  page.start("span", {});
  EXPECT_TRUE(is_absent(page));
  EXPECT_FALSE(page.end("span"));
  EXPECT_FALSE(page.end("div"));
  EXPECT_FALSE(is_absent(page));
  EXPECT_TRUE(page.end("div")) << "an end without a beginning";
}

TEST(PageSight, rows_cells_items_and_paragraphs_end_those_before_them) {
  PageSight page;
  page.start("table", {});
  page.start("tr", none);
  page.start("td", {});
  EXPECT_TRUE(is_absent(page));
  page.start("tr", {});
  page.start("td", none);
  page.start("p", {});
  EXPECT_TRUE(is_absent(page));
  page.start("td", {});
  EXPECT_FALSE(is_absent(page));
  page.start("p", none);
  page.start("p", {});
  EXPECT_FALSE(is_absent(page));
  page.start("ul", {});
  page.start("li", none);
  page.start("li", {});
  EXPECT_FALSE(is_absent(page));
}

TEST(PageSight, a_table_that_ends_ends_all_that_is_in_it) {
  PageSight page;
  page.start("table", {});
  page.start("tr", {});
  page.start("td", none);
  EXPECT_TRUE(page.end("table")) << "the table itself is there";
  EXPECT_FALSE(is_absent(page));
}

TEST(PageSight, of_a_part_of_a_table_is_that_of_its_rows) {
  PageSight page;
  page.start("table", {});
  page.start("caption", {});
  page.start("tbody", none);
  page.start("tr", {});
  page.start("td", {});
  EXPECT_TRUE(is_absent(page));
  page.end("tr");
  page.start("tr", {});
  EXPECT_TRUE(is_absent(page));
  page.start("tbody", {});
  page.start("tr", {});
  EXPECT_FALSE(is_absent(page));
}

TEST(PageSight, nothing_in_a_cell_reaches_out_of_it) {
  PageSight page;
  page.start("div", none);
  page.start("table", {});
  page.start("tr", {});
  page.start("td", {});
  page.end("div");
  EXPECT_TRUE(is_absent(page));
  page.start("table", {});
  page.start("tr", {});
  page.end("tr");
  page.end("table");
  page.end("td");
  EXPECT_TRUE(is_absent(page));
}

TEST(PageSight, elements_without_an_end_contain_nothing) {
  PageSight page;
  page.start("br", none);
  page.start("img", pale);
  EXPECT_EQ(hiding_of(page.look()), std::nullopt);
}

TEST(PageSight, what_is_too_deep_hides_all_the_same) {
  PageSight page;
  for (int i = 0; i < 100'000; ++i) page.start("div", {});
  page.start("span", none);
  EXPECT_TRUE(is_absent(page));
}

}  // namespace
}  // namespace rubricon::formats
