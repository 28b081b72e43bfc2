#include <rubricon/rabbitmq/meters.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rubricon::rabbitmq {
namespace {

TEST(MetersTest, are_shown_by_the_registry) {
  observability::Metrics metrics;
  const Meters meters(metrics);
  meters.blocked.set(1);
  meters.jobs_published.add(3);
  const auto text = metrics.render();
  EXPECT_THAT(text, ::testing::HasSubstr("rubricon_rabbitmq_blocked 1"));
  EXPECT_THAT(text, ::testing::HasSubstr(R"(rubricon_rabbitmq_published_total{kind="jobs"} 3)"));
}

}  // namespace
}  // namespace rubricon::rabbitmq
