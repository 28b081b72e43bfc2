#include <rubricon/legacy/marks.hpp>

#include <gtest/gtest.h>

namespace rubricon::legacy {
namespace {

TEST(LegacyMarks, are_the_same_in_every_version_of_this_program) {
  // Another value would import everything a second time.
  const ports::ImportMark expected{0x7e, 0xb6, 0xae, 0x60, 0xc1, 0x13, 0xde, 0xd8, 0xa1, 0x0f};
  EXPECT_EQ(mark_for("Msg", "clm1"), expected);
}

TEST(LegacyMarks, differ_by_id_and_by_table) {
  EXPECT_NE(mark_for("Msg", "clm1"), mark_for("Msg", "clm2"));
  EXPECT_NE(mark_for("Msg", "clm1"), mark_for("Chat", "clm1"));
}

TEST(LegacyMarks, survive_the_making_of_an_id) {
  const auto mark = mark_for("Msg", "clm1");
  EXPECT_EQ(ports::mark_of(base::Uuid::v7(1'700'000'000'000, mark)), mark);
}

}  // namespace
}  // namespace rubricon::legacy
