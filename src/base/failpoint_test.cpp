#include <rubricon/base/failpoint.hpp>

#include <rubricon/base/fault.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>

#ifdef RUBRICON_FAILPOINTS
namespace rubricon::base {
namespace {

using ::testing::HasSubstr;

TEST(Failpoint, what_is_well_formed_has_no_mistake) {
  for (const char* text :
       {"", "api.after_commit:kill", "api.after_commit:kill@7,relay.before_delete:pause=200@1",
        "worker.mid_stream:throw@1000000"}) {
    EXPECT_EQ(failpoint_mistake(text), "") << text;
  }
}

TEST(Failpoint, a_mistake_is_answered_with_the_list_of_places) {
  // An unknown place, no action, numbers out of range, an empty item, a throw that none catches.
  for (const char* text :
       {"api.nowhere:kill", "api.after_commit", "api.after_commit:", "api.after_commit:kill@0",
        "api.after_commit:kill@x", "api.after_commit:kill@1000001", "api.before_reply:pause",
        "api.before_reply:pause=0", "api.before_reply:pause=600001", ",", "api.after_commit:throw",
        "gateway.mid_fanout:throw@2", "api.before_reply:explode"}) {
    const auto why = failpoint_mistake(text);
    EXPECT_THAT(why, HasSubstr("migrate.mid, api.before_begin")) << text;
  }
}

class ArmedFailpoint : public ::testing::Test {
 protected:
  void TearDown() override { arm_failpoints(""); }
};

TEST_F(ArmedFailpoint, throws_at_its_pass_and_at_no_other) {
  arm_failpoints("relay.after_select:throw@2");
  failpoint("relay.after_select");
  failpoint("relay.before_delete");
  EXPECT_THROW(failpoint("relay.after_select"), Unavailable);
  failpoint("relay.after_select");
}

TEST_F(ArmedFailpoint, pauses_whoever_passes) {
  arm_failpoints("api.before_reply:pause=50");
  const auto before = std::chrono::steady_clock::now();
  failpoint("api.before_reply");
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(50));
}

TEST_F(ArmedFailpoint, kills_as_kill_9_does) {
  arm_failpoints("api.after_commit:kill");
  EXPECT_EXIT(failpoint("api.after_commit"), ::testing::KilledBySignal(SIGKILL), "");
}

}  // namespace
}  // namespace rubricon::base
#endif
