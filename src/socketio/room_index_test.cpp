#include <rubricon/socketio/room_index.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rubricon::socketio {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(RoomIndex, knows_members_and_rooms) {
  RoomIndex index;
  EXPECT_TRUE(index.join(1, "a"));
  EXPECT_FALSE(index.join(1, "a"));
  EXPECT_TRUE(index.join(5, "a"));
  EXPECT_TRUE(index.join(5, "b"));
  EXPECT_THAT(index.members("a"), UnorderedElementsAre(1u, 5u));
  EXPECT_THAT(index.rooms_of(5), UnorderedElementsAre("a", "b"));
  EXPECT_THAT(index.rooms(), UnorderedElementsAre("a", "b"));
  EXPECT_TRUE(index.contains(5, "b"));
  EXPECT_FALSE(index.contains(1, "b"));
  EXPECT_EQ(index.room_count(5), 2u);
}

// Goal: reference 3.1, a room vanishes with its last member.
TEST(RoomIndex, forgets_empty_rooms) {
  RoomIndex index;
  index.join(1, "a");
  index.join(2, "a");
  index.join(2, "b");
  EXPECT_TRUE(index.leave(1, "a"));
  EXPECT_FALSE(index.leave(1, "a"));
  EXPECT_FALSE(index.leave(1, "b"));
  EXPECT_FALSE(index.leave(9, "a"));
  EXPECT_THAT(index.members("a"), ElementsAre(2u));
  index.leave_all(2);
  index.leave_all(9);
  EXPECT_THAT(index.rooms(), IsEmpty());
  EXPECT_THAT(index.members("a"), IsEmpty());
  EXPECT_THAT(index.rooms_of(2), IsEmpty());
}

}  // namespace
}  // namespace rubricon::socketio
