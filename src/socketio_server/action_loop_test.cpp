#include <rubricon/socketio_server/action_loop.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace rubricon::socketio_server {
namespace {

using ::testing::ElementsAre;

// Goal: what an action causes comes after what was asked for before, and nothing nests.
TEST(ActionLoop, queues_what_actions_cause_behind) {
  ActionLoop<std::vector<int>> loop;
  std::vector<int> performed;
  int depth = 0;
  const auto perform = [&](int action) {
    EXPECT_EQ(++depth, 1);
    performed.push_back(action);
    if (action == 1) {
      EXPECT_TRUE(loop.running());
      EXPECT_FALSE(loop.run([](auto& out) { out.push_back(3); }, [](int) { FAIL(); }));
    }
    --depth;
  };
  EXPECT_TRUE(loop.run([](auto& out) { out = {1, 2}; }, perform));
  EXPECT_THAT(performed, ElementsAre(1, 2, 3));
  EXPECT_FALSE(loop.running());
}

}  // namespace
}  // namespace rubricon::socketio_server
