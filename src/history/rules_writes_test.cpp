// tests: check.cpp lines.cpp
#include <rubricon/history/rules.hpp>

#include "good_history_test.hpp"

#include <gmock/gmock.h>

namespace rubricon::history {
namespace {

using testing::HasSubstr;

using RulesOfWrites = GoodHistory;

TEST_F(RulesOfWrites, a_good_run_breaks_none) {
  EXPECT_EQ(broken(), Rules{}) << first();
}

TEST_F(RulesOfWrites, rule_1_finds_an_answered_message_that_is_not_stored) {
  history.writes[0].key = "lost";
  EXPECT_EQ(broken(), Rules{1});
  EXPECT_THAT(first(), HasSubstr("lost was answered and is not stored"));
  EXPECT_THAT(first(), HasSubstr("0.090 s  ann/1 posts lost to chat-1"));
}

TEST_F(RulesOfWrites, rule_1_finds_a_message_that_is_stored_elsewhere_than_answered) {
  history.writes[1].seq = 4;
  EXPECT_EQ(broken(), Rules{1});
}

TEST_F(RulesOfWrites, rule_1_finds_a_refused_message_that_is_stored_all_the_same) {
  history.writes[1].outcome = Write::Outcome::refused;
  EXPECT_EQ(broken(), Rules{1});
  history.writes[1].attempts = 2;  // an earlier attempt may have been the one
  EXPECT_EQ(broken(), Rules{});
  history.writes[1].outcome = Write::Outcome::unknown;
  EXPECT_EQ(broken(), Rules{});
}

TEST_F(RulesOfWrites, rule_2_finds_a_key_that_is_stored_twice) {
  store(Kind::message, "ann", 600, "k2");
  for (const auto* who : {"ann/1", "bob/1"}) apply(who, 7, At(700));
  EXPECT_EQ(broken(), Rules{2});
  EXPECT_THAT(first(), HasSubstr("k2 is stored 2 times"));
}

TEST_F(RulesOfWrites, rule_2_knows_that_two_people_may_use_the_same_key) {
  store(Kind::message, "bob", 600, "k2");
  for (const auto* who : {"ann/1", "bob/1"}) apply(who, 7, At(700));
  EXPECT_EQ(broken(), Rules{});
}

TEST_F(RulesOfWrites, rule_3_finds_a_gap_a_repeat_and_a_wrong_end) {
  auto events = chat().events;
  chat().events.erase(chat().events.begin() + 3);
  EXPECT_THAT(broken(), testing::Contains(3));
  chat().events = events;
  chat().events[4].seq = 4;
  EXPECT_THAT(broken(), testing::Contains(3));
  chat().events = events;
  chat().last_seq = 7;
  EXPECT_THAT(broken(), testing::Contains(3));
}

TEST_F(RulesOfWrites, rule_6_finds_an_order_that_time_contradicts) {
  history.writes[0].seq = 5;
  history.writes[1].seq = 3;
  chat().events[2].key = "k2";
  chat().events[4].key = "k1";
  EXPECT_EQ(broken(), Rules{6});
  history.writes[0].ended = At(295);  // they overlap: either order is right
  EXPECT_EQ(broken(), Rules{});
}

}  // namespace
}  // namespace rubricon::history
