/// What every Presence must do. The harness has `io()`, `presence()` and `advance(Milliseconds)`,
/// which lets time pass for the adapter.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/ports/contract/run_task.hpp>
#include <rubricon/ports/presence.hpp>

#include <gtest/gtest.h>

namespace rubricon::ports::contract {

template <typename Harness>
class PresenceContract : public ::testing::Test {
 protected:
  bool enter(domain::UserId user, const std::string& connection) {
    return run_task(harness.io(), harness.presence().enter(chat, user, connection, soon));
  }
  bool leave(domain::UserId user, const std::string& connection) {
    return run_task(harness.io(), harness.presence().leave(chat, user, connection, soon));
  }
  std::vector<domain::UserId> present() {
    return run_task(harness.io(), harness.presence().of_chat(chat, soon));
  }

  const base::Deadline soon = base::Deadline::at(base::Instant::max());
  Harness harness;
  domain::ChatId chat{base::Uuid::v7(1, {})};
  domain::UserId ann{base::Uuid::v7(2, {})};
  domain::UserId bob{base::Uuid::v7(3, {})};
};
TYPED_TEST_SUITE_P(PresenceContract);

TYPED_TEST_P(PresenceContract, a_user_is_present_while_one_connection_is) {
  EXPECT_TRUE(this->enter(this->ann, "a1"));
  EXPECT_FALSE(this->enter(this->ann, "a2")) << "her second device changes nothing";
  EXPECT_FALSE(this->leave(this->ann, "a1"));
  EXPECT_EQ(this->present(), std::vector{this->ann});
  EXPECT_TRUE(this->leave(this->ann, "a2"));
  EXPECT_TRUE(this->present().empty());
}

TYPED_TEST_P(PresenceContract, lists_each_user_once_and_sorted) {
  this->enter(this->bob, "b1");
  this->enter(this->ann, "a1");
  this->enter(this->ann, "a2");
  EXPECT_EQ(this->present(), (std::vector{this->ann, this->bob}));
}

TYPED_TEST_P(PresenceContract, leaving_twice_or_without_entering_changes_nothing) {
  EXPECT_FALSE(this->leave(this->ann, "a1"));
  this->enter(this->ann, "a1");
  EXPECT_TRUE(this->leave(this->ann, "a1"));
  EXPECT_FALSE(this->leave(this->ann, "a1"));
}

TYPED_TEST_P(PresenceContract, a_connection_that_is_not_refreshed_is_a_ghost_after_a_minute) {
  this->enter(this->ann, "a1");
  this->enter(this->bob, "b1");
  this->harness.advance(base::Milliseconds(40'000));
  this->enter(this->bob, "b1");
  this->harness.advance(base::Milliseconds(25'000));
  EXPECT_EQ(this->present(), std::vector{this->bob});
  EXPECT_TRUE(this->enter(this->ann, "a2")) << "she was gone and is back";
}

REGISTER_TYPED_TEST_SUITE_P(PresenceContract, a_user_is_present_while_one_connection_is,
                            lists_each_user_once_and_sorted,
                            leaving_twice_or_without_entering_changes_nothing,
                            a_connection_that_is_not_refreshed_is_a_ghost_after_a_minute);

}  // namespace rubricon::ports::contract
