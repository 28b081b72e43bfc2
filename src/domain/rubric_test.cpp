#include <rubricon/domain/rubric.hpp>

#include <gtest/gtest.h>

#include <random>

namespace rubricon::domain {
namespace {

Rubric table(std::vector<std::int64_t> weights, Amount total, std::size_t levels) {
  Rubric rubric;
  rubric.total = total;
  for (std::size_t i = 0; i < levels; ++i) rubric.levels.push_back({"l" + std::to_string(i), {}});
  for (std::size_t k = 0; k < weights.size(); ++k) {
    Criterion row;
    row.id = "c" + std::to_string(k);
    row.weight = Amount::hundredths(weights[k]);
    for (const auto& level : rubric.levels) row.cells.push_back({level.id, {}, {}, {}});
    rubric.criteria.push_back(row);
  }
  return recompute_points(rubric);
}

std::string points(const Rubric& rubric) {
  std::string out;
  for (const auto& row : rubric.criteria) out += (out.empty() ? "" : " ") + to_string(row.points);
  return out;
}

std::string cells(const Rubric& rubric) {
  std::string out;
  for (const auto& cell : rubric.criteria[0].cells) {
    out += (out.empty() ? "" : " ") + to_string(cell.points);
  }
  return out;
}

TEST(Amount, is_spelt_and_read_without_loss) {
  for (const auto* text : {"0", "25", "12.5", "33.33", "0.05", "10000"}) {
    EXPECT_EQ(to_string(parse_amount(text).value()), text);
  }
  EXPECT_EQ(parse_amount("33.335"), Amount::hundredths(3334));
  EXPECT_EQ(parse_amount("30.0"), Amount::whole(30));
  for (const auto* bad : {"", ".5", "5.", "-1", "1e3", "1,5", "12345678", " 5"}) {
    EXPECT_EQ(parse_amount(bad), std::nullopt) << bad;
  }
}

TEST(LocalText, falls_back_to_the_other_language) {
  const LocalText text{.en = "", .zh_tw = "論點"};
  EXPECT_EQ(text.in(Locale::en), "論點");
  EXPECT_EQ(text.in(Locale::zh_tw), "論點");
  EXPECT_TRUE(LocalText{}.empty());
}

TEST(GradeBand, covers_grades_1_to_16) {
  EXPECT_EQ(grade_band_of(0), "");
  EXPECT_EQ(grade_band_of(8), "junior_high");
  EXPECT_EQ(grade_band_of(17), "");
  for (int grade = 1; grade <= 16; ++grade) EXPECT_TRUE(is_grade_band(grade_band_of(grade)));
}

TEST(RecomputePoints, uses_whole_points_where_they_are_exact_and_halves_elsewhere) {
  EXPECT_EQ(points(table({2500, 2500, 2000, 1500, 1500}, Amount::whole(100), 5)), "25 25 20 15 15");
  EXPECT_EQ(points(table({2500, 2500, 2000, 1500, 1500}, Amount::whole(50), 5)),
            "12.5 12.5 10 7.5 7.5");
  EXPECT_EQ(points(table({3400, 3300, 3300}, Amount::whole(20), 4)), "7 6.5 6.5");
  EXPECT_EQ(points(table({5000, 5000}, Amount::hundredths(3333), 4)), "16.67 16.66");
}

TEST(RecomputePoints, lets_cells_fall_in_a_line_to_zero) {
  EXPECT_EQ(cells(table({2500, 7500}, Amount::whole(100), 5)), "25 19 12.5 6.5 0");
  EXPECT_EQ(cells(table({2500, 7500}, Amount::whole(100), 4)), "25 16.5 8.5 0");
  EXPECT_EQ(cells(table({1000, 9000}, Amount::whole(10), 5)), "1 0.75 0.5 0.25 0");
}

TEST(RecomputePoints, follows_the_weights_even_where_they_do_not_sum_to_100) {
  EXPECT_EQ(points(table({5000, 3000}, Amount::whole(100), 4)), "50 30");
  EXPECT_EQ(points(table({0, 0}, Amount::whole(100), 4)), "0 0");
}

TEST(RecomputePoints, always_sums_to_the_total_and_falls) {
  std::mt19937 random(11);
  for (int round = 0; round < 1000; ++round) {
    std::vector<std::int64_t> weights(1 + random() % 10);
    std::int64_t left = 10'000;
    for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
      weights[i] = random() % static_cast<std::uint32_t>(left + 1);
      left -= weights[i];
    }
    weights.back() = left;
    const auto total = Amount::hundredths(1 + random() % 1'000'000);
    const auto rubric = table(weights, total, 2 + random() % 9);
    Amount sum;
    for (const auto& row : rubric.criteria) {
      sum = sum + row.points;
      EXPECT_EQ(row.cells.front().points, row.points);
      EXPECT_EQ(row.cells.back().points, Amount());
      for (std::size_t i = 1; i < row.cells.size(); ++i) {
        EXPECT_LE(row.cells[i].points, row.cells[i - 1].points);
      }
    }
    EXPECT_EQ(sum, total);
  }
}

}  // namespace
}  // namespace rubricon::domain
