#include <rubricon/base/id.hpp>

#include <gtest/gtest.h>

#include <unordered_set>

namespace rubricon::base {
namespace {

using ThingId = Id<struct ThingTag>;

TEST(Uuid, prints_what_it_parses_in_lower_case) {
  const auto uuid = Uuid::parse("018F2E7A-90ab-7cde-8f01-23456789ABCD");
  ASSERT_TRUE(uuid);
  EXPECT_EQ(uuid->to_string(), "018f2e7a-90ab-7cde-8f01-23456789abcd");
}

TEST(Uuid, refuses_every_other_form) {
  for (const char* text :
       {"", "018f2e7a90ab7cde8f0123456789abcd", "018f2e7a-90ab-7cde-8f01-23456789abc",
        "018f2e7a-90ab-7cde-8f01-23456789abcg", "018f2e7a-90ab-7cde-8f01_23456789abcd",
        "{18f2e7a-90ab-7cde-8f01-23456789abcd}"}) {
    EXPECT_FALSE(Uuid::parse(text)) << text;
  }
}

TEST(Uuid, version_7_sorts_by_time_and_tells_it) {
  const std::array<std::uint8_t, 10> ones = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
  const auto early = Uuid::v7(1'700'000'000'000, ones);
  const auto late = Uuid::v7(1'700'000'000'001, {});
  EXPECT_LT(early, late);
  EXPECT_EQ(late.unix_ms(), 1'700'000'000'001);
  EXPECT_EQ(late.to_string().at(14), '7');
  EXPECT_EQ(early.to_string().at(19), 'b');
}

TEST(Id, is_hashable_and_comparable) {
  const auto a = ThingId::parse("018f2e7a-90ab-7cde-8f01-23456789abcd");
  ASSERT_TRUE(a);
  std::unordered_set<ThingId> set = {*a};
  EXPECT_TRUE(set.contains(ThingId(a->uuid())));
  EXPECT_FALSE(set.contains(ThingId()));
}

TEST(Number, counts_explicitly) {
  using Count = Number<struct CountTag>;
  EXPECT_EQ(Count(1).next(), Count(2));
  EXPECT_LT(Count(1), Count(2));
}

}  // namespace
}  // namespace rubricon::base
