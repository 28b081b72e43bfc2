#include <rubricon/gateway/recovery_seal.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace rubricon::gateway {
namespace {

template <typename Name>
Name id(const char* text) {
  return Name::parse(text).value();
}

class RecoverySealTest : public ::testing::Test {
 protected:
  const RecoverySeal seal{RecoverySecret{1, 2, 3}};
  const RecoverySeal foreign{RecoverySecret{1, 2, 4}};
  const domain::UserId ann = id<domain::UserId>("0199e2a4-3c1e-7a10-8f00-000000000001");
  const domain::UserId bob = id<domain::UserId>("0199e2a4-3c1e-7a10-8f00-000000000002");
  const ChatPlace place{id<domain::ChatId>("0199e2a4-3c1e-7a10-8f00-000000000003"),
                        {domain::Epoch(2), domain::Seq(1'234'567)}};
};

TEST_F(RecoverySealTest, an_offset_says_a_place_and_nobody_else_can_make_one) {
  const auto offset = seal.offset(place);
  EXPECT_EQ(offset.size(), 56u);
  EXPECT_EQ(offset.find_first_of("\"\\="), std::string::npos);
  EXPECT_EQ(seal.place(offset), place);
  EXPECT_EQ(seal.offset(place), offset);
  EXPECT_EQ(foreign.place(offset), std::nullopt);
  for (std::size_t at = 0; at < offset.size(); ++at) {
    auto forged = offset;
    forged[at] = forged[at] == 'A' ? 'B' : 'A';
    EXPECT_EQ(seal.place(forged), std::nullopt) << at;
  }
  for (const auto& nonsense : {std::string(), std::string("x"), std::string(56, 'A'), offset + "A",
                               offset + offset, offset.substr(1), std::string(56, '\0')}) {
    EXPECT_EQ(seal.place(nonsense), std::nullopt) << nonsense;
  }
}

TEST_F(RecoverySealTest, salt_makes_another_text_for_the_same_place) {
  const auto salted = seal.offset(place, {7, 7});
  EXPECT_NE(salted, seal.offset(place));
  EXPECT_EQ(seal.place(salted), place);
}

TEST_F(RecoverySealTest, a_pid_belongs_to_one_user) {
  const auto offset = seal.offset(place);
  const auto pid = seal.pid(ann, "", {9});
  EXPECT_EQ(pid.size(), 48u);
  EXPECT_TRUE(seal.belongs(pid, ann, offset));
  EXPECT_FALSE(seal.belongs(pid, bob, offset));
  EXPECT_FALSE(foreign.belongs(pid, ann, offset));
  for (std::size_t at = 0; at < pid.size(); ++at) {
    auto forged = pid;
    forged[at] = forged[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(seal.belongs(forged, ann, offset)) << at;
  }
  EXPECT_FALSE(seal.belongs("", ann, offset));
  EXPECT_FALSE(seal.belongs(pid.substr(1), ann, offset));
}

// Goal: official clients keep their offset when they are given another pid; together they are worth
// nothing.
TEST_F(RecoverySealTest, an_offset_from_before_a_session_does_not_count_in_it) {
  const auto before = seal.offset(place);
  const auto pid = seal.pid(ann, before, {9});
  EXPECT_FALSE(seal.belongs(pid, ann, before));
  EXPECT_TRUE(seal.belongs(pid, ann, seal.offset(place, {1, 2})));
  auto later = place;
  later.position.seq = later.position.seq.next();
  EXPECT_TRUE(seal.belongs(pid, ann, seal.offset(later)));
}

}  // namespace
}  // namespace rubricon::gateway
