#include <rubricon/rabbitmq/topology.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/rabbitmq/live_broker_test.hpp>

#include <gmock/gmock.h>

namespace rubricon::rabbitmq {
namespace {

using ::testing::HasSubstr;

std::vector<TopologyState> states(const Options& options) {
  std::vector<TopologyState> states;
  for (const auto& item : inspect(live_endpoint(), options)) states.push_back(item.state);
  return states;
}

TEST(TopologyTest, is_shown_without_being_made) {
  const auto options = live_options();
  const std::vector all_missing(4, TopologyState::missing);
  EXPECT_EQ(states(options), all_missing);
  EXPECT_EQ(states(options), all_missing);
}

TEST(TopologyTest, is_made_by_whoever_comes_first) {
  const auto options = live_options();
  Process process(options);
  process.announce(some_jobs(1, 3));
  EXPECT_EQ(states(options), std::vector(4, TopologyState::present));
  const auto jobs = Probe(options).queue(Names(options.prefix).jobs);
  EXPECT_EQ(jobs.messages, 3u);
  EXPECT_EQ(jobs.consumers, 0u);
  EXPECT_EQ(jobs.problem, "");
}

TEST(TopologyTest, a_queue_in_another_shape_is_explained_and_left_alone) {
  auto options = live_options();
  Process(options).announce(some_jobs(1, 1));
  options.delivery_limit = 7;
  Process newer(options);
  try {
    newer.announce(some_jobs(2, 2));
    FAIL();
  } catch (const base::Unavailable& error) {
    EXPECT_THAT(error.what(), HasSubstr("exists in the broker in another shape"));
    EXPECT_THAT(error.what(), HasSubstr("x-delivery-limit"));
    EXPECT_THAT(error.what(), HasSubstr("rabbitmqctl delete_queue " + options.prefix + ".jobs"));
  }
  const auto jobs = Probe(options).queue(Names(options.prefix).jobs);
  EXPECT_EQ(jobs.state, TopologyState::different);
  EXPECT_EQ(jobs.messages, 1u);
  EXPECT_THAT(jobs.problem, HasSubstr("another shape"));
}

}  // namespace
}  // namespace rubricon::rabbitmq
