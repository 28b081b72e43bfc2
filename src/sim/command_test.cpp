// tests: main.cpp
#include <rubricon/sim/command.hpp>

#include <gtest/gtest.h>

namespace rubricon::sim {
namespace {

std::optional<Command> parsed(std::vector<const char*> arguments, int& exit_code) {
  arguments.insert(arguments.begin(), "sim");
  return parse_command(static_cast<int>(arguments.size()), arguments.data(), exit_code);
}

TEST(Command, takes_one_seed_or_a_range) {
  int exit_code = 0;
  const auto one = parsed({"--seed", "7", "--trace"}, exit_code);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->first, 7u);
  EXPECT_EQ(one->last, 7u);
  EXPECT_TRUE(one->trace);
  const auto many = parsed({"--seeds", "1..200", "--jobs", "2"}, exit_code);
  ASSERT_TRUE(many);
  EXPECT_EQ(many->last, 200u);
  EXPECT_EQ(many->jobs, 2u);
}

TEST(Command, refuses_what_it_does_not_understand_and_helps) {
  for (const auto* seeds : {"x", "1..", "..2", "5..1", "1...3"}) {
    int exit_code = 0;
    EXPECT_FALSE(parsed({"--seeds", seeds}, exit_code)) << seeds;
    EXPECT_EQ(exit_code, 2) << seeds;
  }
  int exit_code = 0;
  EXPECT_FALSE(parsed({}, exit_code));
  EXPECT_EQ(exit_code, 2);
  exit_code = 7;
  EXPECT_FALSE(parsed({"--help"}, exit_code));
  EXPECT_EQ(exit_code, 0);
}

TEST(Command, takes_parts_of_one_seed_only) {
  int exit_code = 0;
  const auto some = parsed({"--seed", "7", "--only", "0-2,9"}, exit_code);
  ASSERT_TRUE(some);
  EXPECT_EQ(some->parts, (Parts{0, 1, 2, 9}));
  EXPECT_EQ(parsed({"--seed", "7", "--only", "none"}, exit_code)->parts, Parts{});
  EXPECT_EQ(parsed({"--seed", "7"}, exit_code)->parts, std::nullopt);
  EXPECT_FALSE(parsed({"--seed", "7", "--only", "2-1"}, exit_code));
  EXPECT_EQ(exit_code, 2);
  exit_code = 0;
  EXPECT_FALSE(parsed({"--seeds", "7..8", "--only", "1"}, exit_code));
  EXPECT_EQ(exit_code, 2);
}

TEST(Command, has_no_bugs_but_in_sim_bugs) {
  EXPECT_TRUE(bug_names().empty());
  int exit_code = 0;
  EXPECT_FALSE(parsed({"--seed", "1", "--bug", "cursor-relay"}, exit_code));
}

}  // namespace
}  // namespace rubricon::sim
