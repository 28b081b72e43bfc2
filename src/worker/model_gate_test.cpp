#include <rubricon/worker/model_gate.hpp>

#include <rubricon/worker/scripted_services_test.hpp>

#include <utility>

namespace rubricon::worker {
namespace {

using namespace std::chrono_literals;

/// Stands still until it is moved, so that windows and pauses are the test's.
class HandClock final : public ports::Clock {
 public:
  base::Time now() const override { return {}; }
  base::Instant monotonic() const override { return instant; }
  base::Instant instant = std::chrono::steady_clock::now();
};

class ModelGateTest : public ScriptedServices {
 protected:
  static GateOptions quick() {
    return {.bulkhead = {.places = 2, .places_per_user = 1}, .retry_min = 1ms, .retry_max = 2ms};
  }
  static domain::UserId user(std::int64_t n) { return domain::UserId(base::Uuid::v7(n, {})); }

  base::Task<std::optional<ports::AiAnswer>> asking(std::int64_t who = 1) {
    return gate.ask(
        user(who), {.message = "規準？"}, [this](std::string_view piece) { shown += piece; },
        base::Deadline::after(std::chrono::steady_clock::now(), 1h));
  }
  std::optional<ports::AiAnswer> ask() { return run(asking()); }
  std::uint64_t count(const char* outcome) {
    return metrics
        .counter("rubricon_ai_calls_total", "", {{"model", "scripted"}, {"outcome", outcome}})
        .value();
  }

  HandClock hand;
  observability::Metrics metrics;
  ModelGate gate{ai, hand, log, metrics, quick()};
  std::string shown;
};

TEST_F(ModelGateTest, what_fails_before_its_first_word_is_tried_three_times) {
  ai.unavailable = true;
  EXPECT_FALSE(ask());
  EXPECT_EQ(ai.requests.size(), 3u);
  EXPECT_EQ(count("failed"), 3u);
}

TEST_F(ModelGateTest, retries_have_a_budget) {
  ai.unavailable = true;
  EXPECT_FALSE(ask());
  EXPECT_FALSE(ask());
  EXPECT_EQ(ai.requests.size(), 5u) << "three and two: the third retry was the last of the window";
}

TEST_F(ModelGateTest, nothing_is_tried_again_when_time_has_passed) {
  ai.unavailable = true;
  ai.on_answer = [this] { hand.instant += 20s; };
  EXPECT_FALSE(ask());
  EXPECT_EQ(ai.requests.size(), 1u);
}

TEST_F(ModelGateTest, an_open_breaker_asks_nobody_and_a_trial_closes_it) {
  ai.unavailable = true;
  for (int n = 0; n < 2; ++n) ask();
  EXPECT_EQ(gate.state(), BreakerState::open);
  const auto asked = ai.requests.size();
  EXPECT_FALSE(ask());
  EXPECT_EQ(ai.requests.size(), asked);
  EXPECT_EQ(count("not_asked"), 1u);
  ai.unavailable = false;
  hand.instant += 15s;
  EXPECT_TRUE(ask());
  EXPECT_TRUE(ask());
  EXPECT_EQ(gate.state(), BreakerState::closed);
}

TEST_F(ModelGateTest, what_breaks_off_after_a_word_is_a_fault_of_the_attempt) {
  ai.pieces = {"好"};
  ai.unavailable = true;
  try {
    ask();
    FAIL();
  } catch (const ports::AiFault& fault) {
    EXPECT_TRUE(fault.token_delivered());
  }
  EXPECT_EQ(ai.requests.size(), 1u);
  EXPECT_EQ(count("failed"), 1u);
}

TEST_F(ModelGateTest, what_breaks_off_while_it_only_reasons_is_tried_again_and_shows_nothing) {
  ai.pieces = {""};
  ai.unavailable = true;
  EXPECT_FALSE(ask());
  EXPECT_EQ(ai.requests.size(), 3u);
}

TEST_F(ModelGateTest, a_model_that_reasons_for_long_before_its_first_word_is_not_slow) {
  ai.pieces = {"", "好"};
  ai.after_piece = [this] { hand.instant += 20s; };
  for (int n = 0; n < 6; ++n) EXPECT_TRUE(ask());
  EXPECT_EQ(gate.state(), BreakerState::closed);
  EXPECT_EQ(shown, "好好好好好好");
}

TEST_F(ModelGateTest, one_that_throttles_is_left_alone_for_as_long_as_it_says) {
  ai.throttled = true;
  ai.retry_after = 30s;
  EXPECT_FALSE(ask());
  EXPECT_EQ(ai.requests.size(), 1u) << "and not tried again";
  ai.throttled = false;
  hand.instant += 29s;
  EXPECT_FALSE(ask());
  hand.instant += 1s;
  EXPECT_TRUE(ask());
  EXPECT_EQ(gate.state(), BreakerState::closed);
}

TEST_F(ModelGateTest, a_refusal_is_not_tried_again_and_says_nothing_about_its_health) {
  ai.refused = true;
  for (int n = 0; n < 10; ++n) EXPECT_FALSE(ask());
  EXPECT_EQ(ai.requests.size(), 10u);
  EXPECT_EQ(gate.state(), BreakerState::closed);
}

TEST_F(ModelGateTest, so_many_at_a_time_and_one_of_each_user) {
  ai.pieces = {"a", "b", "c"};
  std::vector<std::future<std::optional<ports::AiAnswer>>> all;
  for (const auto who : {1, 1, 1, 2, 3}) {
    all.push_back(boost::asio::co_spawn(io, asking(who), boost::asio::use_future));
  }
  io.restart();
  io.run();
  for (auto& each : all) EXPECT_TRUE(each.get());
  EXPECT_EQ(ai.running_max, 2);
}

TEST_F(ModelGateTest, a_bug_is_thrown_on_and_is_not_the_models) {
  ai.bugs = 1;
  EXPECT_THROW(ask(), std::runtime_error);
  EXPECT_EQ(gate.state(), BreakerState::closed);
  EXPECT_TRUE(ask());
}

}  // namespace
}  // namespace rubricon::worker
