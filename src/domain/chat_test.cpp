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

}  // namespace
}  // namespace rubricon::domain
