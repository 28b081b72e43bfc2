// What the adapter promises on the real server while nothing fails.
// tests: consumer.cpp connection.cpp
#include <rubricon/rabbitmq/live_broker_test.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/rabbitmq/event_wire.hpp>

#include <gmock/gmock.h>

#include <numeric>
#include <stdexcept>

namespace rubricon::rabbitmq {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::FieldsAre;
using ::testing::HasSubstr;

class RabbitmqHarness {
 public:
  boost::asio::io_context& io() { return process_.io; }
  ports::EventBus& bus() { return process_.broker(); }
  ports::JobQueue& jobs() { return process_.broker(); }
  /// All that this process publishes comes back to it, where it listens.
  void settle() {
    run_until(process_.io, [this] {
      const auto now = process_.statistics();
      if (now.events == Feed::starting || now.jobs == Feed::starting) return false;
      const bool events = now.events == Feed::off || now.events_delivered == now.events_published;
      return events && (now.jobs == Feed::off || now.jobs_delivered == now.jobs_published);
    });
    process_.io.restart();
    process_.io.poll();
  }

 private:
  Process process_{options_of_made_queues()};
};

std::vector<std::int64_t> range(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> seqs(static_cast<std::size_t>(last - first + 1));
  std::iota(seqs.begin(), seqs.end(), first);
  return seqs;
}

TEST(LiveBrokerTest, every_gateway_hears_every_event_in_order) {
  const auto options = options_of_made_queues();
  Process one(options), other(options), relay(options);
  one.listen();
  other.listen();
  for (std::int64_t first = 1; first <= 5'000; first += 500) {
    relay.publish(some_events(first, first + 499));
  }
  for (auto* gateway : {&one, &other}) {
    run_until(gateway->io, [&] { return gateway->heard.size() == 5'000; });
    EXPECT_EQ(gateway->heard, range(1, 5'000));
    EXPECT_EQ(gateway->reconnected, 1);
  }
  EXPECT_EQ(relay.statistics().events_published, 5'000u);
}

TEST(LiveBrokerTest, workers_share_the_jobs) {
  const auto options = options_of_made_queues();
  Process one(options), other(options), relay(options);
  std::vector<domain::JobId> heard;
  const auto listen = [&](domain::JobId job) { heard.push_back(job); };
  const auto first = one.broker().consume(listen);
  const auto second = other.broker().consume(listen);
  for (auto* worker : {&one, &other}) {
    run_until(worker->io, [&] { return worker->statistics().jobs == Feed::live; });
  }
  relay.announce(some_jobs(1, 200));
  run_until(one.io, [&] {
    other.io.restart();
    other.io.poll();
    return heard.size() == 200;
  });
  std::ranges::sort(heard);
  EXPECT_EQ(heard, some_jobs(1, 200));
  EXPECT_GT(one.statistics().jobs_delivered, 0u);
  EXPECT_GT(other.statistics().jobs_delivered, 0u);
}

TEST(LiveBrokerTest, a_gateway_that_falls_behind_loses_its_oldest_events) {
  auto options = live_options();
  options.gateway_queue_max = 10;
  options.events_prefetch = 5;
  Process slow(options), relay(options);
  slow.listen();
  // Five are on their way to the gateway, whose shard does nothing; ten may wait.
  for (int n = 1; n <= 100; ++n) relay.publish(some_events(n, n));
  run_until(slow.io, [&] { return !slow.heard.empty() && slow.heard.back() == 100; });
  EXPECT_THAT(slow.heard, ::testing::SizeIs(15));
  EXPECT_THAT(slow.heard, ::testing::IsSupersetOf(range(91, 100)));
}

TEST(LiveBrokerTest, what_waits_for_a_gateway_is_bounded_in_bytes_too) {
  auto options = live_options();
  options.gateway_queue_bytes_max = 100'000;
  options.events_prefetch = 5;
  Process slow(options), relay(options);
  slow.listen();
  for (int n = 1; n <= 100; ++n) {
    auto large = *ports::contract::some_event(n);
    large.data = R"({"content":")" + std::string(20'000, 'x') + "\"}";
    relay.publish({std::make_shared<const domain::Event>(std::move(large))});
  }
  run_until(slow.io, [&] { return !slow.heard.empty() && slow.heard.back() == 100; });
  EXPECT_THAT(slow.heard, ::testing::SizeIs(5 + 4)) << "five were on their way";
  EXPECT_THAT(slow.heard, ::testing::IsSupersetOf(range(97, 100)));
}

TEST(LiveBrokerTest, a_job_that_finds_no_queue_is_not_taken_and_the_queue_is_made_again) {
  const auto options = options_of_made_queues();
  Process relay(options);
  relay.announce(some_jobs(1, 1));
  Probe(options).delete_queue(Names(options.prefix).jobs);
  try {
    relay.announce(some_jobs(2, 3));
    FAIL();
  } catch (const base::Unavailable& error) {
    EXPECT_THAT(error.what(), HasSubstr("no queue"));
  }
  EXPECT_EQ(relay.statistics().returned, 2u);
  relay.announce(some_jobs(2, 3));
  EXPECT_EQ(Probe(options).queue(Names(options.prefix).jobs).messages, 2u);
}

TEST(LiveBrokerTest, a_full_job_queue_refuses) {
  auto options = live_options();
  options.jobs_max = 3;
  Process relay(options);
  const auto fill = [&] {
    for (int n = 1; n <= 50; ++n) relay.announce(some_jobs(n, n));
  };
  EXPECT_THROW(fill(), base::Unavailable);
}

TEST(LiveBrokerTest, an_event_that_is_too_large_breaks_its_batch_only) {
  Process relay(live_options());
  auto huge = *ports::contract::some_event(1);
  huge.data = R"({"content":")" + std::string(body_bytes_max, 'x') + "\"}";
  std::vector<std::shared_ptr<const domain::Event>> events = some_events(1, 1);
  events.push_back(std::make_shared<const domain::Event>(std::move(huge)));
  EXPECT_THROW(relay.publish(std::move(events)), std::length_error);
  relay.publish(some_events(1, 1));
  EXPECT_EQ(relay.statistics().events_published, 1u);
}

TEST(LiveBrokerTest, what_cannot_be_read_is_put_aside_and_counted) {
  const auto options = options_of_made_queues();
  const Names names(options.prefix);
  Process process(options);
  process.listen();
  std::vector<domain::JobId> jobs;
  const auto worker = process.broker().consume([&](domain::JobId job) { jobs.push_back(job); });
  run_until(process.io, [&] { return process.statistics().jobs == Feed::live; });
  Probe probe(options);
  probe.put(names.events, "events", "no event");
  probe.put(names.events, "events", std::string(body_bytes_max + 1, 'x'));
  probe.put("", names.jobs, "no job");
  run_until(process.io, [&] { return process.statistics().unreadable == 3; });
  process.publish(some_events(1, 1));
  process.announce(some_jobs(1, 1));
  run_until(process.io, [&] { return !process.heard.empty() && !jobs.empty(); });
  EXPECT_THAT(process.heard, ElementsAre(1));
  EXPECT_EQ(jobs, some_jobs(1, 1));
  EXPECT_EQ(process.statistics().unreadable, 3u);
  probe.put(names.events, "events",
            encode_event(*some_events(2, 2).front()) + "\nno event\n" +
                encode_event(*some_events(3, 3).front()));
  run_until(process.io, [&] { return process.heard.size() == 3; });
  EXPECT_THAT(process.heard, ElementsAre(1, 2, 3)) << "what can be read beside it is";
  EXPECT_EQ(process.statistics().unreadable, 4u);
  run_until(process.io, [&] { return probe.queue(names.jobs).messages == 0; });
  run_until(process.io, [&] { return probe.queue(names.dead).messages == 1; });
  EXPECT_THAT(probe.take(names.dead), FieldsAre("rejected", "no job"));
}

TEST(LiveBrokerTest, a_job_that_nobody_can_take_ends_among_the_dead) {
  auto options = live_options();
  options.delivery_limit = 2;
  const Names names(options.prefix);
  Process process(options);
  int tried = 0;
  const auto worker = process.broker().consume([&](domain::JobId) {
    ++tried;
    throw std::runtime_error("no");
  });
  process.announce(some_jobs(1, 1));
  const Probe probe(options);
  run_until(process.io, [&] { return probe.queue(names.dead).messages == 1; });
  EXPECT_EQ(tried, 3);
  EXPECT_EQ(process.statistics().jobs_requeued, 3u);
  EXPECT_EQ(probe.queue(names.jobs).messages, 0u);
}

// Goal: a listener that the broker has lost without a word, as happens to whoever comes in while
// the queue is deleted and made anew, notices it and begins again.
TEST(LiveBrokerTest, a_listener_that_the_broker_forgot_begins_anew) {
  auto options = options_of_made_queues();
  options.look_every = 200ms;
  const Names names(options.prefix);
  Process process(options);
  std::vector<domain::JobId> heard;
  const auto worker = process.broker().consume([&](domain::JobId job) { heard.push_back(job); });
  run_until(process.io, [&] { return process.statistics().jobs == Feed::live; });
  evaluate(
      "{ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<\"/\">>, queue, <<\"" + names.jobs +
      "\">>)), {Name, _} = amqqueue:get_pid(Q), [{ok, _, _} = ra:process_command({Name, node()}, "
      "rabbit_fifo:make_checkout({element(2, C), element(1, C)}, cancel, #{})) "
      "|| C <- rabbit_amqqueue:consumers(Q)]");
  process.announce(some_jobs(1, 1));
  run_until(process.io, [&] { return !heard.empty(); });
  EXPECT_EQ(heard, some_jobs(1, 1));
}

TEST(LiveBrokerTest, jobs_that_were_not_handled_go_to_another_worker) {
  const auto options = options_of_made_queues();
  Process stopping(options), other(options);
  auto first = stopping.broker().consume([](domain::JobId) { FAIL(); });
  run_until(stopping.io, [&] { return stopping.statistics().jobs == Feed::live; });
  other.announce(some_jobs(1, 5));
  first.reset();  // before its shard has seen one of them
  std::vector<domain::JobId> heard;
  const auto second = other.broker().consume([&](domain::JobId job) { heard.push_back(job); });
  run_until(other.io, [&] { return heard.size() == 5; });
  std::ranges::sort(heard);
  EXPECT_EQ(heard, some_jobs(1, 5));
}

TEST(LiveBrokerTest, who_listens_again_is_told_that_something_may_be_missing) {
  const auto options = options_of_made_queues();
  Process gateway(options), relay(options);
  gateway.listen();
  gateway.stop_listening();
  run_until(gateway.io, [&] {
    return gateway.metrics.gauge("rubricon_rabbitmq_live", {}, {{"kind", "events"}}).value() == 0;
  });
  relay.publish(some_events(1, 1));
  gateway.listen();
  run_until(gateway.io, [&] { return gateway.reconnected == 2; });
  relay.publish(some_events(2, 2));
  run_until(gateway.io, [&] { return !gateway.heard.empty(); });
  EXPECT_THAT(gateway.heard, ElementsAre(2));
}

}  // namespace
}  // namespace rubricon::rabbitmq

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Rabbitmq, EventBusContract, rabbitmq::RabbitmqHarness);
INSTANTIATE_TYPED_TEST_SUITE_P(Rabbitmq, JobQueueContract, rabbitmq::RabbitmqHarness);
}  // namespace rubricon::ports::contract
