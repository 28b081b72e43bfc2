#include <rubricon/worker/rubric_change.hpp>

#include <rubricon/domain/rubric_edit.hpp>

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

namespace rubricon::worker {
namespace {

using domain::CellOrigin;
using domain::Locale;
using domain::Rubric;

Rubric table() {
  auto rubric = domain::parse_rubric(R"({
    "title": {"en": "Essay"}, "language": "en", "total": 100,
    "levels": [{"id": "l1", "name": {"en": "Good"}}, {"id": "l2", "name": {"en": "Fair"}}],
    "criteria": [
      {"id": "a", "name": {"en": "A"}, "weight": 60, "cells": [
        {"levelId": "l1", "descriptor": {"en": "typed"}, "origin": "teacher"},
        {"levelId": "l2", "descriptor": {"en": "of the library"}, "origin": "library"}]},
      {"id": "b", "name": {"en": "B"}, "weight": 40, "cells": [
        {"levelId": "l1", "descriptor": {"en": "b1"}, "origin": "model"},
        {"levelId": "l2", "descriptor": {"en": "b2"}, "origin": "model"}]}]})");
  return rubric.value();
}

class RubricChangeTest : public ::testing::Test {
 protected:
  RubricChange change(const Rubric& rubric) {
    return allowed_change({.rubric = domain::to_json(before),
                           .version = domain::RubricVersion(4),
                           .context = context},
                          domain::to_json(rubric), Locale::en);
  }
  static void write(Rubric& rubric, std::size_t row, std::size_t level) {
    auto& cell = rubric.criteria[row].cells[level];
    cell.descriptor.en = "by the AI";
    cell.origin = CellOrigin::model;
  }

  Rubric before = table();
  Rubric written = table();
  std::string context = "{}";
};

TEST_F(RubricChangeTest, what_nobody_typed_is_changed_at_once) {
  write(written, 0, 1);
  const auto made = change(written);
  EXPECT_EQ(made.rubric, domain::to_json(written));
  EXPECT_FALSE(made.proposal);
  EXPECT_EQ(made.note, "");
}

TEST_F(RubricChangeTest, what_a_person_typed_is_only_proposed) {
  write(written, 0, 0);
  write(written, 1, 0);
  const auto made = change(written);
  EXPECT_FALSE(made.rubric);
  const auto proposal = boost::json::parse(made.proposal.value_or("null"));
  EXPECT_EQ(proposal.at("version"), boost::json::value(4));
  EXPECT_EQ(proposal.at("typed"), boost::json::value(1));
  EXPECT_EQ(proposal.at("rubric"), boost::json::parse(domain::to_json(written)));
  EXPECT_NE(made.note.find("a cell of your own words"), std::string::npos) << made.note;
}

TEST_F(RubricChangeTest, taking_out_a_row_that_somebody_wrote_is_only_proposed) {
  const auto made = change(domain::remove_criterion(before, "a").value());
  EXPECT_FALSE(made.rubric);
  EXPECT_TRUE(made.proposal);
}

TEST_F(RubricChangeTest, in_a_chat_that_wants_it_everything_is_only_proposed) {
  context = R"({"changes": "propose"})";
  write(written, 1, 0);
  const auto made = change(written);
  EXPECT_FALSE(made.rubric);
  ASSERT_TRUE(made.proposal);
  EXPECT_EQ(boost::json::parse(*made.proposal).at("typed"), boost::json::value(0));
  EXPECT_NE(made.note, "");
}

TEST_F(RubricChangeTest, what_is_locked_stays_and_that_is_said) {
  before.criteria[1].cells[0].locked = true;
  write(written, 1, 0);
  write(written, 1, 1);
  auto made = change(written);
  const auto stored = domain::parse_rubric(made.rubric.value_or("")).value();
  EXPECT_EQ(stored.criteria[1].cells[0], before.criteria[1].cells[0]);
  EXPECT_EQ(stored.criteria[1].cells[1].descriptor.en, "by the AI");
  EXPECT_NE(made.note.find("locked"), std::string::npos);

  written = table();
  write(written, 1, 0);
  made = change(written);
  EXPECT_FALSE(made.rubric) << "nothing else was to change";
  EXPECT_FALSE(made.proposal);
  EXPECT_NE(made.note.find("locked"), std::string::npos);
}

TEST_F(RubricChangeTest, the_first_rubric_of_a_chat_is_stored_whatever_the_chat_wants) {
  const auto made = allowed_change(
      {.rubric = {}, .version = {}, .context = R"({"changes": "propose"})"}, "{}", Locale::zh_tw);
  EXPECT_EQ(made.rubric, "{}");
  EXPECT_FALSE(made.proposal);
}

TEST_F(RubricChangeTest, an_answer_without_a_rubric_changes_nothing) {
  const auto made = allowed_change(
      {.rubric = domain::to_json(before), .version = {}, .context = {}}, std::nullopt, Locale::en);
  EXPECT_FALSE(made.rubric);
  EXPECT_EQ(made.note, "");
}

}  // namespace
}  // namespace rubricon::worker
