#include <rubricon/outbox/recent_feed.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/base/pause.hpp>
#include <rubricon/memory/manual_clock.hpp>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <cstdint>

namespace rubricon::outbox {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class ScriptedBus final : public ports::EventBus {
 public:
  base::Task<void> publish(std::vector<std::shared_ptr<const domain::Event>> batch,
                           base::Deadline) override {
    if (away) throw base::Unavailable("the broker is gone");
    published += batch.size();
    co_return;
  }
  std::unique_ptr<ports::Subscription> subscribe(ports::EventHandler,
                                                 ports::ReconnectHandler) override {
    return nullptr;
  }
  bool connected() const override { return true; }

  bool away = false;
  std::size_t published = 0;
};

class ScriptedCache final : public ports::RecentMessages {
 public:
  base::Task<base::Result<ports::RecentPage>> read(domain::ChatId, domain::Position,
                                                   ports::RecentFill fill,
                                                   base::Deadline) override {
    co_return co_await fill();
  }
  base::Task<void> apply(std::shared_ptr<const domain::Event> event, base::Deadline) override {
    while (held) co_await base::pause(1ms);
    if (away) throw base::Unavailable("the cache is gone");
    applied.push_back(event->seq.value());
  }

  bool held = false;
  bool away = false;
  std::vector<std::int64_t> applied;
};

class RecentFeedTest : public ::testing::Test {
 protected:
  static std::vector<std::shared_ptr<const domain::Event>> events(
      std::int64_t first, std::int64_t last,
      domain::StreamId stream = domain::StreamId(domain::ChatId())) {
    std::vector<std::shared_ptr<const domain::Event>> batch;
    for (auto seq = first; seq <= last; ++seq) {
      batch.push_back(std::make_shared<const domain::Event>(
          domain::Event{.stream = stream,
                        .epoch = domain::Epoch(1),
                        .seq = domain::Seq(seq),
                        .type = domain::EventType::message_created,
                        .at = {},
                        .data = "{}"}));
    }
    return batch;
  }

  /// Completes although the cache may be held.
  void publish(std::vector<std::shared_ptr<const domain::Event>> batch) {
    auto done = asio::co_spawn(
        io, feed.publish(std::move(batch), base::Deadline::after(clock.monotonic(), 30s)),
        asio::use_future);
    while (done.wait_for(0s) != std::future_status::ready) {
      io.restart();
      ASSERT_GT(io.run_one_for(30s), 0U);
    }
    done.get();
  }

  void settle() {
    io.restart();
    io.run();
  }

  std::uint64_t passed_by() {
    return metrics.counter("rubricon_recent_messages_passed_by_total", "").value();
  }

  void TearDown() override {
    cache.held = false;
    auto stopped = asio::co_spawn(io, feed.stop(), asio::use_future);
    settle();
    stopped.get();
  }

  asio::io_context io;
  memory::ManualClock clock;
  observability::Log log{{}, [] { return base::Time(); }, [](std::string_view) {}};
  observability::Metrics metrics;
  ScriptedBus bus;
  ScriptedCache cache;
  RecentFeed feed{io.get_executor(), bus, cache, clock, log, metrics};
};

TEST_F(RecentFeedTest, brings_the_events_of_chats_to_the_cache_in_their_order) {
  publish(events(1, 3));
  publish(events(7, 9, domain::StreamId(domain::UserId())));
  publish(events(4, 4));
  settle();
  EXPECT_EQ(cache.applied, (std::vector<std::int64_t>{1, 2, 3, 4}));
  EXPECT_EQ(bus.published, 7U);
  EXPECT_EQ(passed_by(), 0U);
}

TEST_F(RecentFeedTest, keeps_from_the_cache_what_the_broker_did_not_take) {
  bus.away = true;
  EXPECT_THROW(publish(events(1, 3)), base::Unavailable);
  settle();
  EXPECT_TRUE(cache.applied.empty());
}

TEST_F(RecentFeedTest, goes_on_without_a_cache_that_is_away_and_with_it_when_it_is_back) {
  cache.away = true;
  publish(events(1, 3));
  settle();
  EXPECT_EQ(bus.published, 3U);
  EXPECT_EQ(passed_by(), 3U);
  cache.away = false;
  publish(events(4, 5));
  settle();
  EXPECT_EQ(cache.applied, (std::vector<std::int64_t>{4, 5}));
}

TEST_F(RecentFeedTest, lets_pass_by_what_a_slow_cache_has_no_room_for) {
  constexpr auto max = static_cast<std::int64_t>(RecentFeed::waiting_max);
  cache.held = true;
  publish(events(1, max + 10));
  EXPECT_EQ(bus.published, RecentFeed::waiting_max + 10);
  EXPECT_EQ(passed_by(), 10U);
  cache.held = false;
  settle();
  EXPECT_EQ(cache.applied.size(), RecentFeed::waiting_max);
}

}  // namespace
}  // namespace rubricon::outbox
