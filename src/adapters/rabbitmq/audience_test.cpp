#include <rubricon/rabbitmq/audience.hpp>

#include <rubricon/ports/contract/some_event.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace rubricon::rabbitmq {
namespace {

using ::testing::ElementsAre;

const domain::JobId job(base::Uuid::v7(1, {}));

TEST(AudienceTest, a_listener_may_end_itself_and_others_while_it_is_called) {
  observability::Log log;
  Audience audience(log);
  int first = 0, second = 0;
  Audience::ListenerPtr one, other;
  one = audience.add(
      [&](const auto&) {
        ++first;
        audience.remove(one);
        audience.remove(other);
      },
      [] {});
  other = audience.add([&](const auto&) { ++second; }, [] {});
  audience.hear(ports::contract::some_event(1));
  audience.hear(ports::contract::some_event(2));
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 0);
  EXPECT_FALSE(audience.listens());
}

TEST(AudienceTest, tells_all_listeners_of_a_new_connection) {
  observability::Log log;
  Audience audience(log);
  int told = 0;
  audience.add([](const auto&) { FAIL(); }, [&] { ++told; });
  audience.add([](const auto&) { FAIL(); }, [&] { ++told; });
  audience.hear(nullptr);
  EXPECT_EQ(told, 2);
}

TEST(AudienceTest, jobs_go_round) {
  observability::Log log;
  Audience audience(log);
  EXPECT_EQ(audience.take(job), Handled::not_taken);
  std::vector<int> who;
  audience.add([&](auto) { who.push_back(1); });
  audience.add([&](auto) { who.push_back(2); });
  for (int n = 0; n < 3; ++n) EXPECT_EQ(audience.take(job), Handled::taken);
  EXPECT_THAT(who, ElementsAre(1, 2, 1));
}

TEST(AudienceTest, a_taker_that_throws_has_not_taken) {
  observability::Log log;
  Audience audience(log);
  audience.add([](auto) { throw std::runtime_error("no room"); });
  EXPECT_EQ(audience.take(job), Handled::not_taken);
}

}  // namespace
}  // namespace rubricon::rabbitmq
