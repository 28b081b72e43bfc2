// tests: put_back.hpp
#include <rubricon/domain/rubric_consent.hpp>

#include <rubricon/domain/rubric_edit.hpp>

#include <gtest/gtest.h>

namespace rubricon::domain {
namespace {

/// Three rows of 50, 30 and 20 percent, three levels, all from the library.
Rubric table() {
  Rubric rubric;
  rubric.title.en = "Essay";
  rubric.total = Amount::whole(100);
  for (const char* id : {"l1", "l2", "l3"}) rubric.levels.push_back({id, {.en = id, .zh_tw = {}}});
  for (const auto& [id, weight] : {std::pair{"a", 50}, {"b", 30}, {"c", 20}}) {
    Criterion row{.id = id, .weight = Amount::whole(weight)};
    row.name.en = id;
    for (const auto& level : rubric.levels) {
      row.cells.push_back({.level_id = level.id, .origin = CellOrigin::library});
      row.cells.back().descriptor.en = row.id + " " + level.id;
    }
    rubric.criteria.push_back(std::move(row));
  }
  return recompute_points(std::move(rubric));
}

class RubricConsentTest : public ::testing::Test {
 protected:
  static void rewrite(RubricCell& cell) {
    cell.descriptor.en = "rewritten";
    cell.origin = CellOrigin::model;
  }

  Rubric before = table();
  Rubric after = table();
};

TEST_F(RubricConsentTest, without_locks_everything_may_change) {
  rewrite(after.criteria[0].cells[0]);
  after.criteria.erase(after.criteria.begin() + 1);
  const auto wanted = set_weights(after, {}).value();
  const auto [rubric, kept] = keep_locked(before, wanted);
  EXPECT_EQ(rubric, wanted);
  EXPECT_EQ(kept, 0u);
}

TEST_F(RubricConsentTest, a_locked_cell_keeps_its_words_and_its_lock) {
  before.criteria[0].cells[1].locked = true;
  rewrite(after.criteria[0].cells[1]);
  rewrite(after.criteria[0].cells[2]);
  const auto [rubric, kept] = keep_locked(before, after);
  EXPECT_EQ(rubric.criteria[0].cells[1], before.criteria[0].cells[1]);
  EXPECT_EQ(rubric.criteria[0].cells[2].descriptor.en, "rewritten");
  EXPECT_EQ(kept, 1u);
}

TEST_F(RubricConsentTest, a_locked_row_keeps_name_weight_and_cells) {
  before.criteria[1].locked = true;
  after.criteria[1].name.en = "other";
  after.criteria[1].weight = Amount::whole(10);
  rewrite(after.criteria[1].cells[0]);
  const auto [rubric, kept] = keep_locked(before, after);
  EXPECT_EQ(rubric.criteria[1], before.criteria[1]);
  EXPECT_EQ(kept, 2u);
}

TEST_F(RubricConsentTest, a_locked_row_comes_back_to_its_place_and_weights_are_whole_again) {
  before.criteria[1].locked = true;
  const auto [rubric, kept] = keep_locked(before, remove_criterion(after, "b").value());
  ASSERT_EQ(rubric.criteria.size(), 3u);
  EXPECT_EQ(rubric.criteria[1].id, "b");
  EXPECT_EQ(rubric.criteria[1].weight, Amount::whole(30));
  EXPECT_EQ(rubric.criteria[0].weight + rubric.criteria[2].weight, Amount::whole(70));
  EXPECT_EQ(kept, 1u);
}

TEST_F(RubricConsentTest, weights_are_whole_where_that_of_a_locked_row_was_put_back) {
  before.criteria[1].locked = true;
  after.criteria[0].weight = Amount::whole(60);
  after.criteria[1].weight = Amount::whole(10);
  after.criteria[2].weight = Amount::whole(30);
  const auto rubric = keep_locked(before, after).rubric;
  EXPECT_EQ(rubric.criteria[1].weight, before.criteria[1].weight);
  EXPECT_EQ(rubric.criteria[0].weight + rubric.criteria[1].weight + rubric.criteria[2].weight,
            Amount::whole(100));
}

TEST_F(RubricConsentTest, the_level_of_a_locked_cell_comes_back_for_all_rows) {
  before.criteria[0].cells[1].locked = true;
  after.levels.erase(after.levels.begin() + 1);
  for (auto& row : after.criteria) row.cells.erase(row.cells.begin() + 1);
  after.criteria.push_back({.id = "new", .cells = after.criteria[0].cells});
  const auto [rubric, kept] = keep_locked(before, after);
  ASSERT_EQ(rubric.levels.size(), 3u);
  EXPECT_EQ(rubric.levels[1].id, "l2");
  EXPECT_EQ(rubric.criteria[1].cells[1].descriptor.en, "b l2");
  EXPECT_TRUE(rubric.criteria[3].cells[1].descriptor.empty()) << "a row that had no such level";
  EXPECT_EQ(kept, 1u);
}

TEST_F(RubricConsentTest, a_document_without_room_for_what_is_locked_is_refused_whole) {
  before.criteria[0].locked = true;
  after.criteria.clear();
  for (std::size_t i = 0; i < rubric_criteria_max; ++i) {
    after.criteria.push_back({.id = "n" + std::to_string(i), .cells = before.criteria[1].cells});
  }
  const auto [rubric, kept] = keep_locked(before, after);
  EXPECT_EQ(rubric, before);
  EXPECT_GT(kept, 0u);
}

TEST_F(RubricConsentTest, typed_cells_are_counted_where_they_change_or_go) {
  before.criteria[0].cells[0].origin = CellOrigin::teacher;
  before.criteria[1].cells[0].origin = CellOrigin::teacher;
  EXPECT_EQ(typed_cells_changed(before, after), 0u) << "the words are the same";
  rewrite(after.criteria[0].cells[0]);
  EXPECT_EQ(typed_cells_changed(before, after), 1u);
  after.criteria.erase(after.criteria.begin() + 1);
  EXPECT_EQ(typed_cells_changed(before, after), 2u);
}

TEST_F(RubricConsentTest, dictated_words_and_empty_cells_need_no_consent) {
  before.criteria[0].cells[0].origin = CellOrigin::teacher;
  before.criteria[0].cells[1].origin = CellOrigin::teacher;
  before.criteria[0].cells[1].descriptor = {};
  after = set_descriptor(before, "a", 0, {.en = "dictated", .zh_tw = {}}).value();
  rewrite(after.criteria[0].cells[1]);
  EXPECT_EQ(typed_cells_changed(before, after), 0u);
}

}  // namespace
}  // namespace rubricon::domain
