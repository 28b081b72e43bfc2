#include <rubricon/ai_http/rubric_turn.hpp>

#include <rubricon/ai_http/sample_rubric_test.hpp>

namespace rubricon::ai_http {
namespace {

using domain::Amount;
using domain::CellOrigin;
using domain::Locale;
using domain::Rubric;

class RubricTurnTest : public ::testing::Test {
 protected:
  base::Result<RubricTurn> apply(const std::optional<Rubric>& current) {
    return apply_model_rubric(current, written, Locale::zh_tw,
                              [this] { return "n" + std::to_string(++made); });
  }
  RubricTurn applied() {
    auto turn = apply(rubric);
    EXPECT_TRUE(turn.has_value()) << (turn ? "" : turn.error().detail);
    return turn.value_or(RubricTurn());
  }

  Rubric rubric = sample_rubric();
  ModelRubric written = sample_written();
  int made = 0;
};

TEST_F(RubricTurnTest, what_comes_back_as_it_was_shown_changes_nothing) {
  const auto turn = applied();
  EXPECT_EQ(turn.rubric, rubric);
  EXPECT_FALSE(turn.kept);
}

TEST_F(RubricTurnTest, a_changed_cell_is_the_models_and_everything_else_stays) {
  written.criteria[0].levels[1].descriptor = "立場可見一次";
  const auto turn = applied();
  auto expected = rubric;
  expected.criteria[0].cells[1].descriptor = {.en = "", .zh_tw = "立場可見一次"};
  expected.criteria[0].cells[1].origin = CellOrigin::model;
  EXPECT_EQ(turn.rubric, expected);
  EXPECT_EQ(turn.rubric.grade, 8);
  EXPECT_EQ(turn.rubric.criteria[0].cells[0].descriptor.en, "A clear stance");
}

// Who stores the answer asks before a person's words are changed: here they may be.
TEST_F(RubricTurnTest, words_over_a_persons_are_the_models_from_then_on) {
  written.criteria[1].levels[0].descriptor = "模型的話";
  written.criteria[1].levels[2].descriptor = "補上的話";
  const auto turn = applied();
  EXPECT_EQ(turn.rubric.criteria[1].cells[0].descriptor.zh_tw, "模型的話");
  EXPECT_EQ(turn.rubric.criteria[1].cells[0].origin, CellOrigin::model);
  EXPECT_EQ(turn.rubric.criteria[1].cells[2].descriptor.zh_tw, "補上的話") << "it was empty";
  EXPECT_EQ(turn.rubric.criteria[1].cells[2].origin, CellOrigin::model);
  EXPECT_FALSE(turn.kept);
}

TEST_F(RubricTurnTest, a_locked_cell_stays_as_it_is) {
  rubric.criteria[1].cells[1].locked = true;
  written.criteria[1].levels[1].descriptor = "模型的話";
  const auto turn = applied();
  EXPECT_EQ(turn.rubric.criteria[1].cells[1], rubric.criteria[1].cells[1]);
  EXPECT_TRUE(turn.kept);
}

TEST_F(RubricTurnTest, a_locked_criterion_stays_as_it_is) {
  rubric.criteria[0].locked = true;
  written.criteria[0].name = "別的";
  written.criteria[0].focus = "別的？";
  written.criteria[0].weight = 10;
  written.criteria[0].levels[0].descriptor = "別的";
  written.criteria[1].weight = 90;
  const auto turn = applied();
  EXPECT_EQ(turn.rubric.criteria[0], rubric.criteria[0]);
  EXPECT_EQ(turn.rubric.criteria[1].weight, Amount::whole(40));
  EXPECT_TRUE(turn.kept);
}

TEST_F(RubricTurnTest, what_is_the_teachers_stays_where_it_was_when_it_is_left_out) {
  rubric.criteria[0].locked = true;
  written.criteria.erase(written.criteria.begin(), written.criteria.end());
  written.criteria.push_back({.id = "new:1", .name = "文句", .weight = 50});
  for (const auto& level : rubric.levels) {
    written.criteria[0].levels.push_back({level.id, level.name.zh_tw, "x"});
  }
  const auto turn = applied();
  ASSERT_EQ(turn.rubric.criteria.size(), 3u);
  EXPECT_EQ(turn.rubric.criteria[0].id, "thesis");
  EXPECT_EQ(turn.rubric.criteria[1].id, "proof");
  EXPECT_EQ(turn.rubric.criteria[2].id, "n1");
  EXPECT_EQ(turn.rubric.criteria[0].cells, rubric.criteria[0].cells);
  EXPECT_TRUE(turn.kept);
}

TEST_F(RubricTurnTest, a_criterion_without_a_teachers_word_may_go) {
  written.criteria.erase(written.criteria.begin());
  const auto turn = applied();
  ASSERT_EQ(turn.rubric.criteria.size(), 1u);
  EXPECT_EQ(turn.rubric.criteria[0].id, "proof");
  EXPECT_EQ(turn.rubric.criteria[0].weight, Amount::whole(100));
  EXPECT_FALSE(turn.kept);
}

TEST_F(RubricTurnTest, a_level_with_a_teachers_word_stays_and_another_may_go) {
  for (auto& row : written.criteria) row.levels.erase(row.levels.begin());
  for (auto& row : written.criteria) row.levels.push_back({"new:1", "未交", "沒有內容"});
  auto turn = applied();
  ASSERT_EQ(turn.rubric.levels.size(), 4u);
  EXPECT_EQ(turn.rubric.levels[0].id, "l1");
  EXPECT_EQ(turn.rubric.criteria[1].cells[0].descriptor.zh_tw, "老師自己的話");
  EXPECT_EQ(turn.rubric.levels[3].id, "n1");
  EXPECT_TRUE(turn.kept);

  written = sample_written();
  for (auto& row : written.criteria) row.levels.pop_back();
  turn = applied();
  EXPECT_EQ(turn.rubric.levels.size(), 2u);
  EXPECT_FALSE(turn.kept);
}

TEST_F(RubricTurnTest, new_things_get_ids_that_nothing_else_has) {
  rubric.criteria[0].id = "n1";
  written = sample_written();
  written.criteria[0].id = "n1";
  auto added = written.criteria[0];
  added.id = "new:1";
  written.criteria.push_back(added);
  added.id = "made up!";
  written.criteria.push_back(added);
  const auto turn = applied();
  ASSERT_EQ(turn.rubric.criteria.size(), 4u);
  EXPECT_EQ(turn.rubric.criteria[0].id, "n1");
  EXPECT_EQ(turn.rubric.criteria[2].id, "n2");
  EXPECT_EQ(turn.rubric.criteria[3].id, "n3");
}

TEST_F(RubricTurnTest, weights_are_brought_to_a_hundred_and_points_computed) {
  written.criteria[0].weight = 2;
  written.criteria[1].weight = 1;
  const auto turn = applied();
  EXPECT_EQ(turn.rubric.criteria[0].weight, Amount::whole(67));
  EXPECT_EQ(turn.rubric.criteria[1].weight, Amount::whole(33));
  EXPECT_EQ(turn.rubric.criteria[0].points, Amount::whole(67));
  EXPECT_EQ(turn.rubric.criteria[0].cells[2].points, Amount());
  written.criteria[0].weight = written.criteria[1].weight = 0;
  EXPECT_EQ(applied().rubric.criteria[0].weight, Amount::whole(50));
}

TEST_F(RubricTurnTest, a_translation_keeps_the_other_language) {
  written.language = domain::RubricLanguage::en;
  written.title = "Argument";
  written.criteria[0].levels[1].descriptor = "A stance that mostly shows";
  const auto turn = applied();
  EXPECT_EQ(turn.rubric.title, (domain::LocalText{"Argument", "議論文評分規準"}));
  EXPECT_EQ(turn.rubric.criteria[0].cells[1].descriptor.zh_tw, "立場大致可見");
  EXPECT_EQ(turn.rubric.criteria[0].cells[1].descriptor.en, "A stance that mostly shows");
}

TEST_F(RubricTurnTest, a_new_rubric_is_worth_a_hundred_points_and_has_only_new_ids) {
  written = parse_model_rubric(new_rubric_json()).value_or(ModelRubric());
  const auto turn = apply(std::nullopt);
  ASSERT_TRUE(turn.has_value());
  EXPECT_EQ(turn->rubric.total, Amount::whole(100));
  EXPECT_EQ(turn->rubric.criteria[0].weight, Amount::whole(100));
  EXPECT_EQ(turn->rubric.criteria[0].id, "n3");
  EXPECT_EQ(turn->rubric.levels[1].id, "n2");
  EXPECT_EQ(turn->rubric.criteria[0].cells[1].level_id, "n2");
  EXPECT_TRUE(domain::parse_rubric(domain::to_json(turn->rubric)));
}

TEST_F(RubricTurnTest, a_bad_document_is_refused_whole) {
  const auto why = [&] {
    const auto turn = apply(rubric);
    return turn ? std::string() : turn.error().detail;
  };
  written.criteria[1].id = "thesis";
  EXPECT_EQ(why(), "criteria[1].id is used by another criterion");
  written = sample_written();
  std::swap(written.criteria[1].levels[0], written.criteria[1].levels[1]);
  EXPECT_EQ(why(),
            "criteria[1].levels must be the same levels as in criteria[0], in the same order");
  written = sample_written();
  written.criteria[0].levels[1].id = "l1";
  EXPECT_EQ(why(), "criteria[0].levels names the same id twice");
  written = sample_written();
  while (written.criteria.size() < 50) {
    written.criteria.push_back(written.criteria[0]);
    written.criteria.back().id = "new:1";
  }
  rubric.criteria[0].locked = true;
  written.criteria[0].id = "new:1";
  EXPECT_TRUE(why().starts_with("criteria")) << "fifty and the locked one are too many: " << why();
}

}  // namespace
}  // namespace rubricon::ai_http
