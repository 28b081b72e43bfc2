#include <rubricon/outbox/relay.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/base/pause.hpp>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace rubricon::outbox {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class RealClock final : public ports::Clock {
 public:
  base::Time now() const override { return base::time_from_unix_ms(0); }
  base::Instant monotonic() const override { return std::chrono::steady_clock::now(); }
};

/// Rows in memory; claims do not expire.
class ScriptedOutbox final : public ports::Outbox {
 public:
  void commit(int count) {
    for (int i = 0; i < count; ++i) rows_.insert(next_++);
    if (poke_) poke_();
  }

  base::Task<std::vector<ports::OutboxRow>> claim(std::size_t limit, base::Milliseconds,
                                                  base::Deadline) override {
    ++claims;
    if (claim_faults > 0) {
      --claim_faults;
      throw base::Unavailable("the store is gone");
    }
    if (claim_bugs > 0) {
      --claim_bugs;
      throw std::runtime_error("no such column");
    }
    std::vector<ports::OutboxRow> out;
    for (const auto id : rows_) {
      if (out.size() == limit) break;
      if (!claimed_.insert(id).second) continue;
      if (unreadable.contains(id)) {
        out.push_back({.id = ports::OutboxId(id), .event = event_of(0), .job = {}, .defect = "?"});
        continue;
      }
      out.push_back({.id = ports::OutboxId(id),
                     .event = event_of(id),
                     .job = id % 2 == 0 ? std::optional(domain::JobId()) : std::nullopt,
                     .defect = {}});
    }
    co_return out;
  }
  base::Task<void> erase(std::vector<ports::OutboxId> ids, base::Deadline) override {
    for (const auto id : ids) rows_.erase(id.value());
    co_return;
  }
  base::Task<void> release(std::vector<ports::OutboxId> ids, base::Deadline) override {
    for (const auto id : ids) claimed_.erase(id.value());
    co_return;
  }
  base::Task<base::Milliseconds> oldest_age(base::Deadline) override {
    co_return base::Milliseconds(0);
  }
  void on_commit(std::function<void()> poke) override { poke_ = std::move(poke); }

  bool empty() const { return rows_.empty(); }
  const std::set<std::int64_t>& rows() const { return rows_; }
  bool listening() const { return static_cast<bool>(poke_); }
  int claims = 0;
  int claim_faults = 0;
  int claim_bugs = 0;
  std::set<std::int64_t> unreadable;

 private:
  static domain::Event event_of(std::int64_t id) {
    return {.stream = domain::StreamId(domain::ChatId()),
            .epoch = domain::Epoch(1),
            .seq = domain::Seq(id),
            .type = domain::EventType::message_created,
            .at = {},
            .data = "{}"};
  }

  std::int64_t next_ = 1;
  std::set<std::int64_t> rows_, claimed_;
  std::function<void()> poke_;
};

/// Takes what it is given, except while `faults` last.
class ScriptedBroker final : public ports::EventBus, public ports::JobQueue {
 public:
  base::Task<void> publish(std::vector<std::shared_ptr<const domain::Event>> batch,
                           base::Deadline) override {
    if (faults > 0) {
      --faults;
      throw base::Unavailable("the broker is gone");
    }
    for (const auto& event : batch) {
      if (event->seq.value() == poison) throw std::runtime_error("cannot be encoded");
    }
    if (batch.size() > most) throw base::DeadlineExceeded("it takes too long");
    largest = std::max(largest, batch.size());
    for (asking = true; held;) co_await base::pause(1ms);
    for (const auto& event : batch) published.push_back(event->seq.value());
  }
  std::unique_ptr<ports::Subscription> subscribe(ports::EventHandler,
                                                 ports::ReconnectHandler) override {
    return nullptr;
  }
  bool connected() const override { return true; }
  base::Task<void> announce(std::vector<domain::JobId> jobs, base::Deadline) override {
    announced += static_cast<int>(jobs.size());
    co_return;
  }
  std::unique_ptr<ports::Subscription> consume(ports::JobHandler) override { return nullptr; }

  int faults = 0;
  std::size_t most = 1'000;  ///< a larger batch does not get through
  std::size_t largest = 0;   ///< that got through
  bool held = false;         ///< publishing takes until it is false
  bool asking = false;
  std::int64_t poison = 0;  ///< the event that breaks a batch
  int announced = 0;
  std::vector<std::int64_t> published;
};

class RelayTest : public ::testing::Test {
 protected:
  RelayTest() : relay(io.get_executor(), outbox, broker, broker, clock, log, metrics, options()) {}

  static RelayOptions options() {
    // No sweep within a test's life: what happens is caused by pokes.
    return {.batch_max = 3, .sweep = 1h, .backoff_min = 1ms, .backoff_max = 2ms};
  }

  /// Runs until `done`, however long that takes on a loaded machine.
  void run_until(const std::function<bool()>& done) {
    io.restart();
    while (!done()) ASSERT_GT(io.run_one_for(30s), 0u) << "nothing happened for 30 s";
  }

  void stop() {
    auto stopped = asio::co_spawn(io, relay.stop(), asio::use_future);
    io.restart();
    io.run();
    stopped.get();
  }

  asio::io_context io;
  RealClock clock;
  observability::Log log{{}, [] { return base::Time(); }, [](std::string_view) {}};
  observability::Metrics metrics;
  ScriptedOutbox outbox;
  ScriptedBroker broker;
  Relay relay;
};

TEST_F(RelayTest, publishes_what_was_there_at_the_start_and_what_a_commit_pokes_for) {
  outbox.commit(2);
  relay.start();
  run_until([&] { return outbox.empty(); });
  outbox.commit(5);
  run_until([&] { return outbox.empty(); });
  EXPECT_EQ(broker.published, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(broker.announced, 3);
  EXPECT_EQ(metrics.counter("rubricon_outbox_published_total", "").value(), 7u);
  stop();
}

TEST_F(RelayTest, keeps_rows_in_order_while_the_broker_is_away_and_loses_none) {
  broker.faults = 3;
  outbox.commit(4);
  relay.start();
  run_until([&] { return outbox.empty(); });
  EXPECT_EQ(broker.published, (std::vector<std::int64_t>{1, 2, 3, 4}));
  EXPECT_GE(metrics.counter("rubricon_outbox_faults_total", "").value(), 3u);
  stop();
}

// A slow line takes a small batch where it does not take a large one in time.
TEST_F(RelayTest, a_batch_that_does_not_get_through_is_tried_smaller_and_larger_again_afterwards) {
  broker.most = 1;
  outbox.commit(9);
  relay.start();
  run_until([&] { return outbox.rows().size() <= 6; });
  broker.most = 3;
  run_until([&] { return outbox.empty(); });
  EXPECT_EQ(broker.published, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(broker.largest, 3u);
  stop();
}

TEST_F(RelayTest, goes_on_when_the_store_comes_back) {
  outbox.claim_faults = 2;
  outbox.commit(1);
  relay.start();
  run_until([&] { return outbox.empty(); });
  EXPECT_EQ(broker.published, std::vector<std::int64_t>{1});
  stop();
}

TEST_F(RelayTest, goes_on_after_an_exception_that_nobody_foresaw) {
  outbox.claim_bugs = 2;
  outbox.commit(1);
  relay.start();
  run_until([&] { return outbox.empty(); });
  EXPECT_EQ(broker.published, std::vector<std::int64_t>{1});
  EXPECT_EQ(metrics.counter("rubricon_outbox_faults_total", "").value(), 2u);
  stop();
}

TEST_F(RelayTest, a_row_that_cannot_be_read_is_counted_and_holds_back_no_other) {
  outbox.unreadable = {2};
  outbox.commit(4);
  relay.start();
  run_until([&] { return outbox.rows().size() == 1; });
  EXPECT_EQ(broker.published, (std::vector<std::int64_t>{1, 3, 4}));
  EXPECT_EQ(outbox.rows(), std::set<std::int64_t>{2}) << "it is kept for whoever mends it";
  EXPECT_EQ(metrics.counter("rubricon_outbox_unpublishable_total", "").value(), 1u);
  stop();
}

TEST_F(RelayTest, an_event_that_breaks_the_brokers_client_holds_back_no_other) {
  broker.poison = 2;
  outbox.commit(5);
  relay.start();
  run_until([&] { return outbox.rows().size() == 1; });
  EXPECT_EQ(broker.published, (std::vector<std::int64_t>{1, 3, 4, 5}));
  EXPECT_EQ(broker.announced, 3) << "the job of 2 in its batch and alone, and that of 4";
  EXPECT_EQ(outbox.rows(), std::set<std::int64_t>{2});
  EXPECT_EQ(metrics.counter("rubricon_outbox_unpublishable_total", "").value(), 1u);
  stop();
}

// Goal: a broker that takes as long as it may takes no longer than the claim lasts.
TEST_F(RelayTest, jobs_are_announced_while_their_events_are_published) {
  outbox.commit(2);
  broker.held = true;
  relay.start();
  run_until([&] { return broker.asking && broker.announced == 1; });
  EXPECT_TRUE(broker.published.empty());
  broker.held = false;
  run_until([&] { return outbox.empty(); });
  EXPECT_EQ(broker.announced, 1);
  stop();
}

TEST_F(RelayTest, stop_ends_the_loop_and_stops_listening) {
  relay.start();
  run_until([&] { return outbox.claims > 0; });
  stop();
  EXPECT_FALSE(outbox.listening());
}

// Goal: what was claimed by a process that ends need not wait for the end of its claim.
TEST_F(RelayTest, stop_waits_for_the_batch_that_is_under_way_and_begins_no_other) {
  outbox.commit(5);
  broker.held = true;
  relay.start();
  run_until([&] { return broker.asking; });
  auto stopped = asio::co_spawn(io, relay.stop(), asio::use_future);
  io.restart();
  io.run_for(20ms);
  EXPECT_EQ(stopped.wait_for(0s), std::future_status::timeout);
  broker.held = false;
  io.restart();
  io.run();
  stopped.get();
  EXPECT_EQ(broker.published, (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(outbox.rows(), (std::set<std::int64_t>{4, 5}));
}

}  // namespace
}  // namespace rubricon::outbox
