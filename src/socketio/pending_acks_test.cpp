#include <rubricon/socketio/pending_acks.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace rubricon::socketio {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
const base::Instant start{};

TEST(PendingAcks, gives_each_handler_back_once) {
  PendingAcks<std::string> acks;
  acks.add(0, start + milliseconds(10), "a");
  acks.add(3, start + milliseconds(5), "b");
  EXPECT_EQ(acks.take(0), "a");
  EXPECT_EQ(acks.take(0), std::nullopt);
  EXPECT_EQ(acks.take(1), std::nullopt);
  EXPECT_EQ(acks.take(7), std::nullopt);
  EXPECT_EQ(acks.size(), 1u);
}

TEST(PendingAcks, expire_at_their_deadlines) {
  PendingAcks<std::string> acks;
  EXPECT_EQ(acks.deadline(), base::Instant::max());
  acks.add(0, start + milliseconds(10), "a");
  acks.add(1, start + milliseconds(5), "b");
  acks.add(2, start + milliseconds(20), "c");
  EXPECT_EQ(acks.deadline(), start + milliseconds(5));
  EXPECT_THAT(acks.expire(start + milliseconds(4)), ElementsAre());
  EXPECT_THAT(acks.expire(start + milliseconds(10)), ElementsAre("a", "b"));
  EXPECT_EQ(acks.deadline(), start + milliseconds(20));
  EXPECT_THAT(acks.take_all(), ElementsAre("c"));
}

}  // namespace
}  // namespace rubricon::socketio
