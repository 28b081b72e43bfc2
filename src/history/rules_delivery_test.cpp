#include <rubricon/history/rules.hpp>

#include "good_history_test.hpp"

#include <gmock/gmock.h>

namespace rubricon::history {
namespace {

using testing::HasSubstr;

class RulesOfDelivery : public GoodHistory {
 protected:
  /// Bob's applications only; Ann's are left as they are.
  Applied& of_bob(std::int64_t seq) {
    return history.applied.at(static_cast<std::size_t>(6 + seq - 1));
  }
  void erase_bobs(std::int64_t seq) {
    history.applied.erase(history.applied.begin() + 6 + seq - 1);
  }
};

TEST_F(RulesOfDelivery, rule_4_finds_a_missed_event_in_the_middle_and_at_the_end) {
  erase_bobs(4);
  EXPECT_EQ(broken(), Rules{4});
  EXPECT_THAT(first(), HasSubstr("bob/1 misses an event in chat-1"));
  EXPECT_THAT(first(), HasSubstr("stored: chat-1 (1, 4) answer to 3"));
}

TEST_F(RulesOfDelivery, rule_4_finds_a_missed_tail) {
  erase_bobs(6);
  EXPECT_EQ(broken(), (Rules{4, 10}));
  EXPECT_THAT(first(), HasSubstr("bob/1 ends at (1, 5) in chat-1"));
  history.subscribers[1].here = false;
  EXPECT_EQ(broken(), Rules{}) << "who is away may be behind";
}

TEST_F(RulesOfDelivery, rule_4_finds_repeats_swaps_and_a_silent_change_of_epoch) {
  const auto good = history.applied;
  of_bob(5).seq = 4;
  EXPECT_THAT(broken(), testing::Contains(4));
  history.applied = good;
  std::swap(of_bob(4).order, of_bob(5).order);
  EXPECT_EQ(broken(), Rules{4});
  history.applied = good;
  of_bob(5).epoch = 2;
  EXPECT_THAT(broken(), testing::Contains(4));
}

TEST_F(RulesOfDelivery, rule_4_lets_a_chat_be_read_anew_and_compares_what_was_read) {
  for (std::int64_t seq = 1; seq <= 5; ++seq) erase_bobs(1);
  history.snapshots.push_back(
      {"bob/1", "chat-1", 1, 5, {{3, "text 3"}, {4, "text 4"}, {5, "text 5"}}, At(350), 7});
  EXPECT_EQ(broken(), Rules{}) << first();
  history.snapshots[0].messages[4] = "something else";
  EXPECT_EQ(broken(), Rules{4});
  history.snapshots[0].messages.erase(4);
  EXPECT_EQ(broken(), Rules{4});
}

TEST_F(RulesOfDelivery, rule_4_finds_a_socket_that_was_not_sent_everything) {
  history.heard.erase(history.heard.begin() + 1);
  EXPECT_EQ(broken(), Rules{4});
  EXPECT_THAT(first(), HasSubstr("the socket of ann/1 got (1, 5) of chat-1 where (1, 4) was next"));
  history.heard[1].stay = 2;
  history.heard[1].after = 4;
  EXPECT_EQ(broken(), (Rules{4})) << "the next of that stay is a repeat of none";
  history.heard[2].stay = 2;
  history.heard[2].after = 4;
  EXPECT_EQ(broken(), Rules{});
  history.heard[2].from_epoch = 2;
  EXPECT_EQ(broken(), Rules{4}) << "a position of another epoch was taken for one of this";
}

TEST_F(RulesOfDelivery, rule_5_finds_different_content_and_phantoms) {
  of_bob(4).content = "#other";
  EXPECT_EQ(broken(), Rules{5});
  of_bob(4).content = "#4";
  apply("bob/1", 7, At(700));
  EXPECT_THAT(broken(), testing::Contains(5));
}

/// A backup without 5 and 6 was restored, and both have read the chat anew.
class RulesOfRestoredChats : public RulesOfDelivery {
 protected:
  RulesOfRestoredChats() {
    chat().epoch = 2;
    chat().last_seq = 4;
    chat().events.resize(4);
    history.writes.pop_back();
    history.store.jobs.pop_back();
    history.heads_when_healed["chat-1"] = {2, 4};
    for (const auto* who : {"ann/1", "bob/1"}) {
      history.snapshots.push_back(
          {who, "chat-1", 2, 4, {{3, "text 3"}, {4, "text 4"}}, At(440), ++order});
    }
  }
};

TEST_F(RulesOfRestoredChats, rule_5_finds_those_who_saw_different_things_before_they_were_lost) {
  EXPECT_EQ(broken(), Rules{}) << first();
  of_bob(6).content = "#other";
  EXPECT_EQ(broken(), Rules{5});
  EXPECT_THAT(first(), HasSubstr("ann/1 and bob/1 saw different things at (1, 6) of chat-1"));
}

TEST_F(RulesOfRestoredChats, rule_5_finds_another_content_of_what_was_kept) {
  of_bob(4).content = "#other";
  EXPECT_EQ(broken(), Rules{5});
}

TEST_F(RulesOfRestoredChats, rule_4_compares_what_was_read_of_older_epochs) {
  history.snapshots[1].messages[4] = "something else";
  EXPECT_EQ(broken(), Rules{4});
  EXPECT_THAT(first(), HasSubstr("bob/1 got another message 4 of chat-1"));
}

}  // namespace
}  // namespace rubricon::history
