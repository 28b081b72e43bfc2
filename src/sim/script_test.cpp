#include <rubricon/sim/script.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace rubricon::sim {
namespace {

/// One fault, two chats, two devices, four acts: parts 0, 1-2, 3-4, 5-8.
Script small() {
  Script script;
  script.people = {"ann", "bob"};
  script.chats = {{.name = "chat-1", .others = {{1, domain::MemberRole::editor}}},
                  {.name = "chat-2", .others = {}}};
  script.devices = {{"ann/1", 0}, {"bob/1", 1}};
  script.faults = {{.kind = FaultKind::link_cut, .from = At(2'000), .until = At(3'000)}};
  script.acts = {{.kind = ActKind::opens, .at = At(1'000)},
                 {.kind = ActKind::writes, .at = At(1'500), .chat = 1, .number = 1},
                 {.kind = ActKind::removes_member, .at = At(1'600), .person = 1},
                 {.kind = ActKind::closes, .at = At(2'000), .device = 1, .back_after = At(500)}};
  return script;
}

TEST(Script, is_the_same_for_the_same_seed_and_in_order_of_time) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto script = draw_script(seed);
    const auto again = draw_script(seed);
    ASSERT_EQ(script.acts.size(), again.acts.size());
    EXPECT_GE(script.acts.size(), script.devices.size()) << "everybody opens";
    EXPECT_TRUE(std::ranges::is_sorted(script.acts, {}, &Act::at));
    for (std::size_t n = 0; n < script.acts.size(); ++n) {
      EXPECT_EQ(to_text(script, script.acts[n]), to_text(again, again.acts[n]));
    }
  }
}

TEST(Script, has_no_removal_and_no_sign_out_where_a_backup_is_restored) {
  int restored = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const auto script = draw_script(seed);
    if (!restores_store(script.faults)) continue;
    ++restored;
    for (const auto& act : script.acts) {
      EXPECT_NE(act.kind, ActKind::removes_member);
      EXPECT_NE(act.kind, ActKind::signs_out);
    }
  }
  EXPECT_GT(restored, 0);
}

TEST(Script, with_all_its_parts_is_itself) {
  const auto script = only(small(), all_parts(small()));
  EXPECT_EQ(script.faults.size(), 1u);
  EXPECT_EQ(script.acts.size(), 4u);
  EXPECT_TRUE(script.devices[1].in);
}

TEST(Script, loses_what_a_device_does_with_the_device_and_what_happens_in_a_chat_with_the_chat) {
  const Parts without_bob = {0, 1, 2, 3, 5, 6, 7, 8};
  const auto script = only(small(), without_bob);
  EXPECT_FALSE(script.devices[1].in);
  EXPECT_EQ(script.acts.size(), 3u);
  EXPECT_EQ(without_orphans(small(), without_bob), (Parts{0, 1, 2, 3, 5, 6, 7}));

  const Parts no_chat = {3, 4, 5, 6, 7, 8};
  const auto alone = only(small(), no_chat);
  EXPECT_TRUE(alone.faults.empty());
  EXPECT_FALSE(alone.chats[0].in);
  EXPECT_EQ(without_orphans(small(), no_chat), (Parts{3, 4, 5, 8}));
}

TEST(Script, parts_are_written_as_ranges_and_read_back) {
  EXPECT_EQ(to_text(Parts{0, 1, 2, 7, 9, 10}), "0-2,7,9-10");
  EXPECT_EQ(parse_parts("0-2,7,9-10"), (Parts{0, 1, 2, 7, 9, 10}));
  EXPECT_EQ(parse_parts(""), Parts{});
  for (const auto* wrong : {"x", "1-", "-1", "3-2", "2,2", "4,1", "1,,2", "0-999999999"}) {
    EXPECT_FALSE(parse_parts(wrong)) << wrong;
  }
}

TEST(Script, acts_are_told_in_words) {
  const auto script = small();
  EXPECT_EQ(to_text(script, script.acts[1]), "  1.500 s  ann/1 writes message 1 to chat-2");
  EXPECT_EQ(to_text(script, script.acts[2]), "  1.600 s  ann removes bob from chat-1");
  EXPECT_EQ(to_text(script, script.acts[3]), "  2.000 s  bob/1 closes, for 0.500 s");
}

}  // namespace
}  // namespace rubricon::sim
