#include <rubricon/domain/chat.hpp>

#include <gtest/gtest.h>

namespace rubricon::domain {
namespace {

TEST(Chat, role_spellings_survive_a_round_trip) {
  for (const auto role : {MemberRole::viewer, MemberRole::editor, MemberRole::owner}) {
    EXPECT_EQ(parse_member_role(to_string(role)), role);
  }
  for (const auto role : {MessageRole::user, MessageRole::ai}) {
    EXPECT_EQ(parse_message_role(to_string(role)), role);
  }
  EXPECT_FALSE(parse_member_role("admin"));
  EXPECT_FALSE(parse_message_role("user"));
}

TEST(Chat, rights_grow_with_the_role) {
  EXPECT_FALSE(may_write(MemberRole::viewer));
  EXPECT_TRUE(may_write(MemberRole::editor));
  EXPECT_FALSE(may_manage(MemberRole::editor));
  EXPECT_TRUE(may_manage(MemberRole::owner));
}

TEST(Chat, the_ai_answers_unless_the_context_says_off) {
  EXPECT_TRUE(wants_answer("{}"));
  EXPECT_TRUE(wants_answer(R"({"ai":"on"})"));
  EXPECT_TRUE(wants_answer(R"({"ai":false})"));
  EXPECT_TRUE(wants_answer(R"({"notes":{"ai":"off"}})"));
  EXPECT_FALSE(wants_answer(R"({"grade":8,"ai" : "off"})"));
}

TEST(Chat, the_ai_changes_the_rubric_unless_the_context_wants_proposals) {
  EXPECT_FALSE(wants_proposals("{}"));
  EXPECT_FALSE(wants_proposals(R"({"changes":true})"));
  EXPECT_FALSE(wants_proposals(R"({"notes":{"changes":"propose"}})"));
  EXPECT_TRUE(wants_proposals(R"({"grade":8,"changes": "propose"})"));
}

TEST(Chat, each_proposal_is_answered_once_and_none_that_is_not_there) {
  const auto reason = [](const base::Result<Seq>& answered) { return answered.error().reason; };
  EXPECT_EQ(answered_by(std::nullopt, Seq(4), Seq(9)), Seq(4));
  EXPECT_EQ(answered_by(Seq(7), Seq(4), Seq(9)), Seq(7));
  EXPECT_EQ(answered_by(Seq(9), Seq(4), Seq(9)), Seq(9));
  EXPECT_EQ(reason(answered_by(Seq(4), Seq(4), Seq(9))), "proposal_answered");
  EXPECT_EQ(reason(answered_by(Seq(10), Seq(4), Seq(9))), "no_such_proposal");
}

TEST(Chat, an_answers_meta_can_go_without_what_it_proposes) {
  EXPECT_EQ(without_proposal(R"({"source":"m"})"), R"({"source":"m"})");
  EXPECT_EQ(without_proposal(R"({"source":"m","proposal":{"version":1}})"), R"({"source":"m"})");
}

TEST(Chat, an_answers_meta_says_whether_it_was_stopped) {
  EXPECT_TRUE(was_stopped(R"({"source":"m","stopped":true})"));
  for (const auto* meta : {"{}", R"({"stopped":false})", "", "[]"}) EXPECT_FALSE(was_stopped(meta));
}

TEST(Chat, an_answers_meta_can_name_the_rubric_version) {
  EXPECT_EQ(with_rubric_version("{}", RubricVersion(3)), R"({"rubricVersion":3})");
  EXPECT_EQ(with_rubric_version(R"({"source":"rules"})", RubricVersion(1)),
            R"({"source":"rules","rubricVersion":1})");
}

}  // namespace
}  // namespace rubricon::domain
