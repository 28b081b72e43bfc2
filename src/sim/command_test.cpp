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

TEST(Command, has_no_bugs_but_in_sim_bugs) {
  EXPECT_TRUE(bug_names().empty());
  int exit_code = 0;
  EXPECT_FALSE(parsed({"--seed", "1", "--bug", "cursor-relay"}, exit_code));
}

}  // namespace
}  // namespace rubricon::sim
