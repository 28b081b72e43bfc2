// tests: rubric_levels.cpp
#include <rubricon/domain/rubric_check.hpp>
#include <rubricon/domain/rubric_edit.hpp>

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace rubricon::domain {
namespace {

LocalText both(const std::string& text) {
  return {text, "中" + text};
}

Rubric table(const std::vector<int>& weights, std::size_t levels = 4) {
  Rubric rubric;
  rubric.title = both("table");
  rubric.total = Amount::whole(100);
  for (std::size_t i = 0; i < levels; ++i) {
    rubric.levels.push_back({"l" + std::to_string(i + 1), both("L" + std::to_string(i))});
  }
  for (std::size_t k = 0; k < weights.size(); ++k) {
    Criterion row;
    row.id = std::string(1, static_cast<char>('a' + k));
    row.name = both(row.id);
    row.weight = Amount::whole(weights[k]);
    for (const auto& level : rubric.levels) {
      row.cells.push_back({level.id, {}, both(row.id + level.id), CellOrigin::teacher});
    }
    rubric.criteria.push_back(row);
  }
  return recompute_points(rubric);
}

std::string weights(const base::Result<Rubric>& rubric) {
  if (!rubric) return rubric.error().reason;
  std::string out;
  for (const auto& row : rubric->criteria) out += (out.empty() ? "" : " ") + to_string(row.weight);
  return out;
}

std::string ids(const Rubric& rubric) {
  std::string out;
  for (const auto& row : rubric.criteria) out += row.id;
  return out;
}

LevelScheme scheme(std::size_t levels) {
  LevelScheme out;
  for (std::size_t i = 0; i < levels; ++i) out.names.push_back(both("N" + std::to_string(i)));
  out.library["a"] = {both("base4"), both("base3"), both("base2"), both("base1")};
  out.between = {"[{lower}|{upper}]", "「{lower}｜{upper}」"};
  return out;
}

std::string texts(const Criterion& row) {
  std::string out;
  for (const auto& cell : row.cells) {
    out += (out.empty() ? "" : " ") + (cell.descriptor.empty() ? "-" : cell.descriptor.en);
  }
  return out;
}

TEST(SetWeights, scales_the_other_rows_and_keeps_locked_ones) {
  const auto rubric = table({25, 25, 20, 15, 15});
  EXPECT_EQ(weights(set_weights(rubric, {{"a", Amount::whole(30)}})), "30 23 19 14 14");
  EXPECT_EQ(weights(set_weights(rubric, {{"a", Amount::whole(30)}, {"b", Amount::whole(30)}})),
            "30 30 16 12 12");
  EXPECT_EQ(weights(set_weights(rubric, {{"a", Amount::hundredths(1250)}})),
            "12.5 29 23.5 17.5 17.5");
  auto locked = rubric;
  locked.criteria[1].locked = true;
  EXPECT_EQ(weights(set_weights(locked, {{"a", Amount::whole(30)}})), "30 25 18 14 13");
  EXPECT_EQ(weights(set_weights(locked, {{"a", Amount::whole(80)}})), "over_100");
  EXPECT_EQ(weights(set_weights(locked, {{"b", Amount::whole(30)}})), "locked");
  EXPECT_EQ(weights(set_weights(rubric, {{"z", Amount::whole(30)}})), "unknown_criterion");
  EXPECT_EQ(weights(set_weights(rubric, {{"a", Amount::whole(1)}, {"a", Amount::whole(2)}})),
            "duplicate");
  EXPECT_EQ(weights(set_weights(table({100}), {{"a", Amount::whole(30)}})), "under_100");
}

TEST(SetWeightsEqual, shares_what_is_not_locked) {
  EXPECT_EQ(weights(set_weights_equal(table({50, 30, 20}))), "34 33 33");
  auto locked = table({50, 30, 20});
  locked.criteria[0].locked = true;
  EXPECT_EQ(weights(set_weights_equal(locked)), "50 25 25");
}

TEST(SetTotal, moves_the_points_and_has_bounds) {
  const auto rubric = set_total(table({50, 30, 20}), Amount::whole(50));
  ASSERT_TRUE(rubric);
  EXPECT_EQ(to_string(rubric->criteria[0].points), "25");
  EXPECT_FALSE(set_total(table({100}), Amount()));
  EXPECT_FALSE(set_total(table({100}), Amount::whole(10'001)));
}

TEST(Rows, are_added_removed_renamed_and_moved_with_their_ids) {
  auto rubric = table({50, 30, 20});
  Criterion row = rubric.criteria[0];
  row.weight = Amount::whole(20);
  auto more = add_criterion(rubric, row);
  EXPECT_EQ(weights(more), "40 24 16 20");
  EXPECT_EQ(more->criteria[3].id, "a_2");
  EXPECT_EQ(weights(remove_criterion(*more, "a_2")), "50 30 20");
  EXPECT_EQ(weights(remove_criterion(rubric, "a")), "60 40");
  EXPECT_EQ(weights(remove_criterion(table({100}), "a")), "last_criterion");
  EXPECT_EQ(ids(*move_criterion(rubric, "c", 0)), "cab");
  EXPECT_EQ(ids(*move_criterion(rubric, "a", 99)), "bca");
  EXPECT_EQ(rename_criterion(rubric, "b", {"Proof", ""})->criteria[1].name.in(Locale::zh_tw),
            "Proof");
  EXPECT_FALSE(rename_criterion(rubric, "b", {}));
  EXPECT_FALSE(rename_criterion(rubric, "b", {std::string(201, 'x'), ""}));
  row.cells.pop_back();
  EXPECT_EQ(weights(add_criterion(rubric, row)), "cells");
}

TEST(Rows, refuse_what_locked_rows_make_impossible) {
  auto rubric = table({60, 40});
  for (auto& row : rubric.criteria) row.locked = true;
  auto row = rubric.criteria[0];
  row.locked = false;
  row.weight = Amount::whole(10);
  EXPECT_EQ(weights(add_criterion(rubric, row)), "over_100");
  EXPECT_EQ(weights(remove_criterion(rubric, "a")), "under_100");
}

TEST(SetDescriptor, makes_the_cell_the_teachers) {
  auto rubric = table({50, 50});
  rubric.criteria[0].cells[1].origin = CellOrigin::between;
  const auto edited = set_descriptor(rubric, "a", 1, {"", "立場清楚"});
  ASSERT_TRUE(edited);
  EXPECT_EQ(edited->criteria[0].cells[1].descriptor.zh_tw, "立場清楚");
  EXPECT_EQ(edited->criteria[0].cells[1].origin, CellOrigin::teacher);
  EXPECT_FALSE(set_descriptor(rubric, "a", 9, {"x", ""}));
  EXPECT_FALSE(set_descriptor(rubric, "a", 0, {std::string(2001, 'x'), ""}));
}

TEST(SetLevels, keeps_texts_of_equal_height_and_builds_the_rest_from_neighbours) {
  auto rubric = table({50, 50});
  const auto five = set_levels(rubric, scheme(5));
  ASSERT_TRUE(five);
  EXPECT_EQ(texts(five->criteria[1]), "bl1 [bl2|bl1] bl2 bl3 bl4");
  EXPECT_EQ(five->criteria[1].cells[1].origin, CellOrigin::between);
  EXPECT_EQ(five->levels[0].id, "l1");
  EXPECT_EQ(five->levels[1].id, "l5");
  EXPECT_EQ(to_string(five->criteria[0].cells[3].points), "12.5");
  const auto four = set_levels(*five, scheme(4));
  EXPECT_EQ(texts(four->criteria[1]), texts(rubric.criteria[1]));
}

TEST(SetLevels, takes_the_library_for_library_rows_and_invents_nothing_for_others) {
  auto rubric = table({50, 50}, 2);
  rubric.criteria[0].source = CriterionSource::library;
  const auto four = set_levels(rubric, scheme(4));
  ASSERT_TRUE(four);
  EXPECT_EQ(texts(four->criteria[0]), "base4 al1 al2 base1");
  EXPECT_EQ(texts(four->criteria[1]), "- bl1 bl2 -");
}

TEST(SetLevels, keeps_names_that_the_teacher_gave) {
  auto rubric = table({100});
  rubric.levels[0].name = {"Gold", "金"};
  auto change = scheme(5);
  for (const auto& level : rubric.levels) change.names_before.push_back(level.name);
  change.names_before[0] = both("Exemplary");
  const auto five = set_levels(rubric, change);
  ASSERT_TRUE(five);
  EXPECT_EQ(five->levels[0].name.en, "Gold");
  EXPECT_EQ(five->levels[2].name.en, "N2");
}

TEST(RenameLevels, wants_one_name_a_level) {
  const auto rubric = table({100}, 2);
  EXPECT_EQ(rename_levels(rubric, {both("A"), both("B")})->levels[1].name.en, "B");
  EXPECT_EQ(rename_levels(rubric, {both("A")}).error().reason, "level_count");
  EXPECT_EQ(rename_levels(rubric, {both("A"), {}}).error().reason, "empty");
}

/// What every document must keep, whatever was done to it.
void expect_invariants(const Rubric& rubric) {
  Amount weight_sum;
  Amount point_sum;
  std::set<std::string> seen;
  ASSERT_FALSE(rubric.criteria.empty());
  for (const auto& row : rubric.criteria) {
    weight_sum = weight_sum + row.weight;
    point_sum = point_sum + row.points;
    EXPECT_TRUE(seen.insert(row.id).second) << row.id;
    EXPECT_GE(row.weight, Amount());
    ASSERT_EQ(row.cells.size(), rubric.levels.size());
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      EXPECT_EQ(row.cells[i].level_id, rubric.levels[i].id);
    }
  }
  std::set<std::string> levels;
  for (const auto& level : rubric.levels) EXPECT_TRUE(levels.insert(level.id).second) << level.id;
  EXPECT_EQ(weight_sum, Amount::whole(100));
  EXPECT_EQ(point_sum, rubric.total);
  const auto again = parse_rubric(to_json(rubric));
  if (!again) {
    ASSERT_EQ(again.error().reason, "rubric_too_large");
  } else {
    EXPECT_EQ(*again, rubric);
  }
}

base::Result<Rubric> random_edit(const Rubric& rubric, std::mt19937& random) {
  const auto row = [&] { return rubric.criteria[random() % rubric.criteria.size()].id; };
  const auto percent = [&] { return Amount::hundredths(random() % 200 * 50); };
  switch (random() % 12) {
    case 0: return set_weights(rubric, {{row(), percent()}});
    case 1: return set_weights(rubric, {{row(), percent()}, {row(), percent()}});
    case 2: return set_weights_equal(rubric);
    case 3: return set_total(rubric, Amount::hundredths(1 + random() % 20'000));
    case 4:
    case 5: return set_levels(rubric, scheme(2 + random() % 9));
    case 6:
    case 7: {
      auto added = rubric.criteria[0];
      added.locked = false;
      added.weight = percent();
      return add_criterion(rubric, added);
    }
    case 8: return remove_criterion(rubric, row());
    case 9: return move_criterion(rubric, row(), random() % 12);
    case 10: return set_descriptor(rubric, row(), random() % 12, both("own"));
    default: {
      auto locked = rubric;
      auto& some = locked.criteria[random() % locked.criteria.size()];
      some.locked = !some.locked;
      return locked;
    }
  }
}

TEST(Edits, keep_every_invariant_over_random_sequences) {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    auto rubric = table({30, 30, 40});
    rubric.criteria[0].source = CriterionSource::library;
    int done = 0;
    for (int step = 0; step < 40; ++step) {
      auto next = random_edit(rubric, random);
      if (!next) continue;
      ++done;
      rubric = std::move(*next);
      expect_invariants(rubric);
      if (testing::Test::HasFatalFailure()) return;
      (void)validate(rubric, {});
    }
    EXPECT_GT(done, 5);
  }
}

}  // namespace
}  // namespace rubricon::domain
