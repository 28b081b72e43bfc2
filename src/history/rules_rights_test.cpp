#include <rubricon/history/rules.hpp>

#include "good_history_test.hpp"

#include <gmock/gmock.h>

namespace rubricon::history {
namespace {

using testing::HasSubstr;

class RulesOfRights : public GoodHistory {
 protected:
  RulesOfRights() {
    store(Kind::member_removed, "bob", 600);
    store(Kind::message, "ann", 700, "k3");
    for (const auto* who : {"ann/1", "bob/1"}) apply(who, 7, At(650));
    apply("ann/1", 8, At(750));
  }
};

TEST_F(RulesOfRights, rule_7_finds_an_event_seen_after_removal) {
  EXPECT_EQ(broken(), Rules{}) << first();
  apply("bob/1", 8, At(760));
  EXPECT_EQ(broken(), Rules{7});
  EXPECT_THAT(first(), HasSubstr("bob/1 saw an event of chat-1 after being removed"));
}

TEST_F(RulesOfRights, rule_7_lets_those_see_who_were_let_in_again) {
  store(Kind::member_added, "bob", 800);
  apply("ann/1", 9, At(850));
  apply("bob/1", 8, At(860));
  apply("bob/1", 9, At(870));
  EXPECT_EQ(broken(), Rules{}) << first();
  history.applied[history.applied.size() - 2].at = At(790);
  EXPECT_EQ(broken(), Rules{7}) << "before that they were not";
}

TEST_F(RulesOfRights, rule_7_finds_a_chat_read_anew_after_removal) {
  history.snapshots.push_back({"bob/1", "chat-1", 1, 8, {}, At(760), 99});
  EXPECT_EQ(broken(), Rules{7});
}

TEST_F(RulesOfRights, rule_7_finds_a_socket_that_hears_on_after_removal) {
  history.heard.push_back({"bob/1", "chat-1", 2, 1, 6, 1, 7, At(650)});
  EXPECT_EQ(broken(), Rules{}) << first();
  history.heard.push_back({"bob/1", "chat-1", 2, 1, 6, 1, 8, At(760)});
  EXPECT_EQ(broken(), Rules{7});
  EXPECT_THAT(first(),
              HasSubstr("the socket of bob/1 heard an event of chat-1 after being removed"));
}

TEST_F(RulesOfRights, rule_7_gives_news_of_a_revocation_two_seconds) {
  history.revocations.push_back({"s-ann", At(100)});
  history.subscribers[0].here = false;
  EXPECT_EQ(broken(), Rules{});
  history.applied.back().at = At(2'200);
  EXPECT_EQ(broken(), Rules{7});
  EXPECT_THAT(first(), HasSubstr("2100 ms after its session was revoked, 2000 ms allowed"));
  history.revocations[0].allowance = At(3'000);
  EXPECT_EQ(broken(), Rules{});
}

TEST_F(RulesOfRights, rule_7_finds_a_chat_read_and_a_socket_heard_after_a_revocation) {
  history.revocations.push_back({"s-ann", At(100)});
  history.subscribers[0].here = false;
  history.snapshots.push_back({"ann/1", "chat-1", 1, 8, {}, At(2'100), 99});
  EXPECT_EQ(broken(), Rules{});
  history.snapshots[0].at = At(2'101);
  EXPECT_EQ(broken(), Rules{7});
  EXPECT_THAT(first(), HasSubstr("ann/1 read chat-1 2001 ms after its session was revoked"));
  history.snapshots.clear();
  history.heard.back().at = At(2'101);
  EXPECT_EQ(broken(), Rules{7});
  EXPECT_THAT(first(), HasSubstr("the socket of ann/1 heard an event of chat-1 2001 ms after"));
}

}  // namespace
}  // namespace rubricon::history
