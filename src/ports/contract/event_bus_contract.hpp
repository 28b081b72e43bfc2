/// What every EventBus and JobQueue must do. An adapter's test instantiates both suites with a
/// harness: `io()` the shard's io_context, `bus()`, `jobs()`, and `settle()` which runs the shard
/// until the subscriptions made so far are in force and everything published so far has been
/// delivered.
#pragma once

#include <rubricon/ports/contract/run_task.hpp>
#include <rubricon/ports/contract/some_event.hpp>
#include <rubricon/ports/event_bus.hpp>

#include <gtest/gtest.h>
#include <boost/asio/post.hpp>

#include <algorithm>

namespace rubricon::ports::contract {

template <typename Harness>
class EventBusContract : public ::testing::Test {
 protected:
  void publish(std::vector<std::shared_ptr<const domain::Event>> batch) {
    run_task(harness.io(), harness.bus().publish(std::move(batch), no_deadline()));
  }

  Harness harness;
};
TYPED_TEST_SUITE_P(EventBusContract);

TYPED_TEST_P(EventBusContract, every_subscriber_hears_every_event_whole_and_in_order) {
  std::vector<domain::Event> one, other;
  const auto first = this->harness.bus().subscribe([&](auto e) { one.push_back(*e); }, [] {});
  const auto second = this->harness.bus().subscribe([&](auto e) { other.push_back(*e); }, [] {});
  this->harness.settle();
  EXPECT_TRUE(this->harness.bus().connected());
  this->publish({some_event(1), some_event(2)});
  this->publish({some_event(3)});
  this->harness.settle();
  const std::vector expected = {*some_event(1), *some_event(2), *some_event(3)};
  EXPECT_EQ(one, expected);
  EXPECT_EQ(other, expected);
}

TYPED_TEST_P(EventBusContract, never_calls_a_handler_from_within_publish) {
  int heard = 0;
  bool publishing = false;
  const auto subscription = this->harness.bus().subscribe(
      [&](const auto&) {
        EXPECT_FALSE(publishing);
        ++heard;
      },
      [] {});
  this->harness.settle();
  auto publish = [](EventBus* bus, boost::asio::io_context* io, bool* flag) -> base::Task<void> {
    std::vector<std::shared_ptr<const domain::Event>> batch;
    batch.push_back(some_event(1));
    *flag = true;
    // Runs when the shard is free again: when publish waits for the broker, or has returned.
    boost::asio::post(*io, [flag] { *flag = false; });
    co_await bus->publish(std::move(batch), no_deadline());
  };
  auto& io = this->harness.io();
  run_task(io, publish(&this->harness.bus(), &io, &publishing));
  this->harness.settle();
  EXPECT_EQ(heard, 1);
}

TYPED_TEST_P(EventBusContract, calls_nobody_who_has_left) {
  int heard = 0;
  auto subscription = this->harness.bus().subscribe([&](const auto&) { ++heard; }, [] {});
  this->harness.settle();
  this->publish({some_event(1)});
  subscription.reset();
  this->publish({some_event(2)});
  this->harness.settle();
  EXPECT_LE(heard, 1);
  const int before = heard;
  this->harness.settle();
  EXPECT_EQ(heard, before);
}

TYPED_TEST_P(EventBusContract, lets_a_handler_end_its_own_subscription) {
  int heard = 0;
  std::unique_ptr<Subscription> subscription;
  subscription = this->harness.bus().subscribe(
      [&](const auto&) {
        ++heard;
        subscription.reset();
      },
      [] {});
  this->harness.settle();
  this->publish({some_event(1), some_event(2)});
  this->harness.settle();
  EXPECT_EQ(heard, 1);
}

REGISTER_TYPED_TEST_SUITE_P(EventBusContract, every_subscriber_hears_every_event_whole_and_in_order,
                            never_calls_a_handler_from_within_publish, calls_nobody_who_has_left,
                            lets_a_handler_end_its_own_subscription);

template <typename Harness>
class JobQueueContract : public ::testing::Test {
 protected:
  static domain::JobId job(std::int64_t n) { return domain::JobId(base::Uuid::v7(n, {})); }
  void announce(std::vector<domain::JobId> jobs) {
    run_task(harness.io(), harness.jobs().announce(std::move(jobs), no_deadline()));
  }

  Harness harness;
};
TYPED_TEST_SUITE_P(JobQueueContract);

TYPED_TEST_P(JobQueueContract, one_consumer_of_all_hears_each_announcement) {
  std::vector<domain::JobId> heard;
  auto listen = [&](domain::JobId id) { heard.push_back(id); };
  const auto first = this->harness.jobs().consume(listen);
  const auto second = this->harness.jobs().consume(listen);
  this->announce({this->job(1), this->job(2), this->job(3)});
  this->harness.settle();
  std::ranges::sort(heard);
  EXPECT_EQ(heard, (std::vector{this->job(1), this->job(2), this->job(3)}));
}

TYPED_TEST_P(JobQueueContract, announcements_wait_for_a_consumer) {
  this->announce({this->job(1)});
  std::vector<domain::JobId> heard;
  const auto late = this->harness.jobs().consume([&](domain::JobId id) { heard.push_back(id); });
  this->harness.settle();
  EXPECT_EQ(heard, (std::vector{this->job(1)}));
}

REGISTER_TYPED_TEST_SUITE_P(JobQueueContract, one_consumer_of_all_hears_each_announcement,
                            announcements_wait_for_a_consumer);

}  // namespace rubricon::ports::contract
