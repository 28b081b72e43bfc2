// How a canary tells what it saw. What it sees is shown on a real server.
#include <rubricon/canary/canary.hpp>

#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/memory/seeded_random.hpp>

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace rubricon::canary {
namespace {

using namespace std::chrono_literals;

class CanaryTest : public ::testing::Test {
 protected:
  memory::ManualClock clock;
  memory::SeededRandom random{1};
  std::vector<std::string> lines;
  observability::Log log{{},
                         [this] { return clock.now(); },
                         [this](std::string_view line) { lines.emplace_back(line); }};
  observability::Metrics metrics;
  Probe probe{{"127.0.0.1", "1", "127.0.0.1:1"}, {"a@b.example", "secret"}, {}, clock, random};
  Canary canary{probe, log, metrics};
};

TEST_F(CanaryTest, counts_and_logs_a_success) {
  const Outcome outcome{.delays = {3ms, 5ms, 120ms}, .failure = {}};
  canary.record(outcome);
  EXPECT_EQ(to_text(outcome), "stored after 3 ms, heard after 5 ms, answered after 120 ms");
  const auto text = metrics.render();
  EXPECT_NE(text.find("rubricon_canary_up 1"), std::string::npos);
  EXPECT_NE(text.find("rubricon_canary_probes_total{failed=\"none\"} 1"), std::string::npos);
  EXPECT_NE(text.find("rubricon_canary_delay_seconds_count{until=\"answered\"} 1"),
            std::string::npos);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find("canary.succeeded"), std::string::npos);
}

TEST_F(CanaryTest, says_at_which_step_a_probe_failed) {
  const Outcome outcome{.delays = {3ms, 0ms, 0ms}, .failure = Failure{Step::hear, "no answer"}};
  canary.record(outcome);
  EXPECT_EQ(to_text(outcome), "hear: no answer");
  const auto text = metrics.render();
  EXPECT_NE(text.find("rubricon_canary_up 0"), std::string::npos);
  EXPECT_NE(text.find("rubricon_canary_probes_total{failed=\"hear\"} 1"), std::string::npos);
  EXPECT_NE(text.find("rubricon_canary_delay_seconds_count{until=\"stored\"} 1"),
            std::string::npos);
  EXPECT_NE(text.find("rubricon_canary_delay_seconds_count{until=\"heard\"} 0"), std::string::npos);
  EXPECT_NE(lines.at(0).find("canary.failed"), std::string::npos);
}

TEST(Step, each_has_its_own_name) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < step_count; ++i) names.insert(to_string(static_cast<Step>(i)));
  EXPECT_EQ(names.size(), step_count);
}

}  // namespace
}  // namespace rubricon::canary
