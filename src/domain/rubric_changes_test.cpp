#include <rubricon/domain/rubric_changes.hpp>

#include <rubricon/domain/rubric_edit.hpp>

#include <gtest/gtest.h>

namespace rubricon::domain {
namespace {

Rubric table() {
  Rubric rubric;
  rubric.total = Amount::whole(100);
  rubric.levels = {{"l1", {}}, {"l2", {}}};
  for (const char* id : {"a", "b"}) {
    Criterion row{.id = id, .weight = Amount::whole(50)};
    for (const auto& level : rubric.levels) row.cells.push_back({.level_id = level.id});
    rubric.criteria.push_back(std::move(row));
  }
  return recompute_points(std::move(rubric));
}

TEST(RubricChanges, are_none_between_equal_documents) {
  EXPECT_EQ(changes_between(table(), table()), RubricChanges());
}

TEST(RubricChanges, count_each_kind_of_place) {
  auto after = set_descriptor(table(), "a", 1, {.en = "x", .zh_tw = {}}).value();
  after.criteria[1].name.en = "B";
  after.criteria[1].weight = Amount::whole(40);
  after.criteria[0].locked = true;
  after.criteria[0].cells[0].locked = true;
  after.title.en = "T";
  after.total = Amount::whole(50);
  EXPECT_EQ(changes_between(table(), after),
            (RubricChanges{.cells = 1, .weights = 1, .names = 2, .locks = 2, .settings = 1}));
}

TEST(RubricChanges, see_rows_and_levels_that_came_went_or_moved) {
  auto after = table();
  after.criteria[1].id = "c";
  after.levels.erase(after.levels.begin());
  for (auto& row : after.criteria) row.cells.erase(row.cells.begin());
  EXPECT_EQ(changes_between(table(), after),
            (RubricChanges{.criteria_added = 1, .criteria_removed = 1, .levels_removed = 1}));
  EXPECT_EQ(changes_between(table(), move_criterion(table(), "b", 0).value()),
            (RubricChanges{.settings = 1}));
}

TEST(RubricChanges, a_digest_tells_documents_apart_and_knows_one_again) {
  EXPECT_EQ(document_digest("{}"), document_digest("{}"));
  EXPECT_NE(document_digest("{}"), document_digest("{ }"));
  EXPECT_EQ(document_digest("").size(), 16u);
}

}  // namespace
}  // namespace rubricon::domain
