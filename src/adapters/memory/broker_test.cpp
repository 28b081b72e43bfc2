#include <rubricon/memory/broker.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/ports/contract/event_bus_contract.hpp>

namespace rubricon::memory {
namespace {

using ports::contract::no_deadline;
using ports::contract::run_task;
using ports::contract::some_event;

class BrokerHarness {
 public:
  boost::asio::io_context& io() { return io_; }
  ports::EventBus& bus() { return broker_; }
  ports::JobQueue& jobs() { return broker_; }
  void settle() {
    io_.restart();
    io_.run();
  }

 private:
  boost::asio::io_context io_;
  Broker broker_{io_.get_executor()};
};

class BrokerTest : public ::testing::Test {
 protected:
  void publish(std::int64_t first, std::int64_t last) {
    std::vector<std::shared_ptr<const domain::Event>> batch;
    for (auto seq = first; seq <= last; ++seq) batch.push_back(some_event(seq));
    run_task(io, broker.publish(std::move(batch), no_deadline()));
  }
  std::unique_ptr<ports::Subscription> listen() {
    return broker.subscribe([this](const auto& e) { heard.push_back(e->seq.value()); },
                            [this] { heard.push_back(-1); });
  }
  void settle() {
    io.restart();
    io.run();
  }

  using Seqs = std::vector<std::int64_t>;

  boost::asio::io_context io;
  Broker broker{io.get_executor(), {.events_max = 4, .jobs_max = 2}};
  Seqs heard;  ///< -1 where the broker said that it reconnected
};

TEST_F(BrokerTest, a_subscriber_that_falls_behind_loses_all_and_is_told_so) {
  const auto subscription = listen();
  auto flood = [](Broker* full) -> base::Task<void> {
    std::vector<std::shared_ptr<const domain::Event>> batch;
    for (std::int64_t seq = 1; seq <= 6; ++seq) batch.push_back(some_event(seq));
    co_await full->publish(std::move(batch), no_deadline());
  };
  run_task(io, flood(&broker));
  settle();
  EXPECT_EQ(heard, (Seqs{-1, 6}));
  EXPECT_EQ(broker.stats().overflows, 1u);
}

TEST_F(BrokerTest, a_test_can_lose_repeat_and_delay_deliveries) {
  const auto subscription = listen();
  broker.set_fate([](const domain::Event& e) {
    if (e.seq.value() == 1) return Fate::lose;
    if (e.seq.value() == 2) return Fate::repeat;
    return e.seq.value() == 3 ? Fate::delay : Fate::deliver;
  });
  publish(1, 2);
  settle();
  publish(3, 4);
  settle();
  EXPECT_EQ(heard, (Seqs{2, 2, 4, 3}));
}

TEST_F(BrokerTest, a_dropped_connection_loses_what_waits_and_is_told) {
  const auto subscription = listen();
  auto publish_and_drop = [](Broker* b) -> base::Task<void> {
    std::vector<std::shared_ptr<const domain::Event>> batch;
    batch.push_back(some_event(1));
    co_await b->publish(std::move(batch), no_deadline());
    b->drop_connections();
  };
  run_task(io, publish_and_drop(&broker));
  settle();
  EXPECT_EQ(heard, Seqs{-1});
}

TEST_F(BrokerTest, is_unavailable_while_switched_off) {
  const auto subscription = listen();
  broker.switch_off();
  EXPECT_THROW(publish(1, 1), base::Unavailable);
  EXPECT_FALSE(broker.connected());
  broker.switch_on();
  EXPECT_TRUE(broker.connected());
  publish(1, 1);
  settle();
  EXPECT_EQ(heard, Seqs{1});
}

TEST_F(BrokerTest, drops_and_counts_announcements_beyond_its_bound) {
  std::vector<domain::JobId> jobs;
  for (int n = 0; n < 3; ++n) jobs.emplace_back(base::Uuid::v7(n, {}));
  run_task(io, broker.announce(jobs, no_deadline()));
  EXPECT_EQ(broker.stats().jobs_dropped, 1u);
}

TEST(BrokerLifetime, a_subscription_may_outlive_the_broker) {
  boost::asio::io_context io;
  auto broker = std::make_unique<Broker>(io.get_executor());
  auto events = broker->subscribe([](const auto&) {}, [] {});
  auto jobs = broker->consume([](auto) {});
  broker.reset();
  events.reset();
  jobs.reset();
}

}  // namespace
}  // namespace rubricon::memory

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, EventBusContract, memory::BrokerHarness);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, JobQueueContract, memory::BrokerHarness);
}  // namespace rubricon::ports::contract
