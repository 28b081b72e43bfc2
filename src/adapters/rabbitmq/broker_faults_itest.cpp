// What the adapter promises on the real server when that fails.
#include <rubricon/rabbitmq/live_broker_test.hpp>

#include <rubricon/base/fault.hpp>

#include <gmock/gmock.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <future>
#include <memory>

namespace rubricon::rabbitmq {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

/// Several relays' worth of publishing, so that something is always on its way.
struct Traffic {
  bool stop = false;
  int published = 0;
  int unavailable = 0;
};

base::Task<void> keep_publishing(Broker* broker, std::shared_ptr<Traffic> traffic) {
  while (!traffic->stop) {
    try {
      auto events = some_events(1, 10);
      co_await broker->publish(std::move(events), within(10s));
      ++traffic->published;
    } catch (const base::Unavailable&) {
      ++traffic->unavailable;
    }
  }
}

class BrokerFaultsTest : public ::testing::Test {
 protected:
  /// Begins to publish on the relay's shard; `finish` ends it.
  void begin_traffic() {
    for (int n = 0; n < 8; ++n) {
      running.push_back(boost::asio::co_spawn(relay.io, keep_publishing(&relay.broker(), traffic),
                                              boost::asio::use_future));
    }
    run_until(relay.io, [this] { return traffic->published > 20; });
  }
  void finish_traffic() {
    traffic->stop = true;
    relay.io.restart();
    relay.io.run();
    for (auto& each : running) each.get();
  }
  void hear_again() {
    gateway.heard.clear();
    relay.publish(some_events(1'000, 1'000));
    run_until(gateway.io,
              [this] { return !gateway.heard.empty() && gateway.heard.back() == 1'000; });
  }

  Options options = live_options();
  Process gateway{options};
  Process relay{options};
  std::shared_ptr<Traffic> traffic = std::make_shared<Traffic>();
  std::vector<std::future<void>> running;
};

TEST_F(BrokerFaultsTest, connections_that_the_broker_closes_are_made_again) {
  gateway.listen();
  begin_traffic();
  // Now and then the broker has confirmed everything when it says good-bye: until it has not.
  std::atomic<bool> enough = false;
  auto closing = std::async(std::launch::async, [&enough] {
    while (!enough) {
      evaluate("rabbit_networking:close_connections(rabbit_networking:connections(), \"because\")");
    }
  });
  run_until(relay.io, [this] { return traffic->unavailable > 0; });
  enough = true;
  closing.get();
  const int before = traffic->published;
  run_until(relay.io, [&] { return traffic->published > before + 20; });
  finish_traffic();
  run_until(gateway.io, [this] { return gateway.reconnected >= 2; });
  hear_again();
}

TEST_F(BrokerFaultsTest, a_broker_that_restarts_is_waited_for) {
  gateway.listen();
  begin_traffic();
  evaluate("rabbit:stop()");
  run_until(relay.io, [this] { return traffic->unavailable > 10; });
  EXPECT_FALSE(relay.statistics().publisher_connected);
  EXPECT_FALSE(gateway.broker().connected());
  evaluate("rabbit:start()");
  const int before = traffic->published;
  run_until(relay.io, [&] { return traffic->published > before + 20; });
  finish_traffic();
  run_until(gateway.io, [this] { return gateway.reconnected >= 2; });
  EXPECT_TRUE(gateway.broker().connected());
  hear_again();
}

TEST_F(BrokerFaultsTest, a_broker_that_falls_silent_is_noticed_by_its_missing_heartbeats) {
  auto watchful = options;
  watchful.heartbeat = 1s;
  Process idle(watchful);
  idle.listen();
  idle.publish(some_events(1, 1));
  stop_server_process();
  run_until(idle.io, [&] {
    return !idle.statistics().publisher_connected && !idle.statistics().consumer_connected;
  });
  EXPECT_EQ(idle.statistics().events, Feed::starting);
  continue_server_process();
  run_until(idle.io, [&] { return idle.reconnected == 2; });
  idle.publish(some_events(2, 2));
  run_until(idle.io, [&] { return idle.heard.size() == 2; });
  // Silence alone is no reason: heartbeats keep an idle connection for longer than they may fail.
  const auto guard = boost::asio::make_work_guard(idle.io);
  idle.io.restart();
  idle.io.run_for(3'500ms);
  EXPECT_EQ(idle.reconnected, 2);
  EXPECT_TRUE(idle.statistics().publisher_connected);
}

TEST_F(BrokerFaultsTest, a_broker_short_of_memory_is_waited_for_until_the_deadline) {
  relay.publish(some_events(1, 1));
  set_memory_alarm_at(0.0000001);
  // The first is sent and never confirmed; by the next one we know why.
  EXPECT_THROW(relay.publish(some_events(1, 1), 500ms), base::DeadlineExceeded);
  run_until(relay.io, [this] { return relay.statistics().blocked; });
  try {
    relay.publish(some_events(1, 1), 200ms);
    ADD_FAILURE() << "published in spite of the alarm";
  } catch (const base::DeadlineExceeded& error) {
    EXPECT_THAT(error.what(), HasSubstr("memory"));
  }
  set_memory_alarm_at(0.4);
  run_until(relay.io, [this] { return !relay.statistics().blocked; });
  relay.publish(some_events(1, 1));
}

/// More than any socket buffer holds, so that the library waits in its send.
base::Task<void> publish_much(Broker* broker) {
  auto event = *ports::contract::some_event(1);
  event.data = R"({"content":")" + std::string(500'000, 'x') + "\"}";
  const std::vector events(60, std::make_shared<const domain::Event>(std::move(event)));
  co_await broker->publish(events, within(2s));
}

/// A process whose publisher is stuck in a send.
class StuckBrokerTest : public BrokerFaultsTest {
 protected:
  void get_stuck(Process& process) {
    process.publish(some_events(1, 1));
    set_memory_alarm_at(0.0000001);
    EXPECT_THROW(ports::contract::run_task(process.io, publish_much(&process.broker())),
                 base::Unavailable);
  }
  static std::uint64_t losses(Process& process) {
    return process.metrics.counter("rubricon_rabbitmq_losses_total", {}, {{"role", "publisher"}})
        .value();
  }
  ~StuckBrokerTest() override { set_memory_alarm_at(0.4); }
};

TEST_F(StuckBrokerTest, whoever_waits_past_its_deadline_cuts_the_connection) {
  auto hasty = options;
  hasty.call_timeout = 200ms;
  Process stuck(hasty);
  get_stuck(stuck);
  run_until(stuck.io, [&] { return losses(stuck) > 0; });
  set_memory_alarm_at(0.4);
  stuck.publish(some_events(1, 1));
}

TEST_F(StuckBrokerTest, the_end_comes_in_time) {
  auto patient = options;
  patient.call_timeout = 60s;
  patient.close_timeout = 300ms;
  Process stuck(patient);
  get_stuck(stuck);
  EXPECT_EQ(losses(stuck), 0u);
  const auto begun = std::chrono::steady_clock::now();
  stuck.end();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 2s);
}

TEST_F(BrokerFaultsTest, a_certificate_must_come_from_the_right_hand_and_bear_the_right_name) {
  const auto secure = live_endpoint("url_tls");
  ASSERT_EQ(secure.transport, Transport::tls);
  auto trusting = options;
  trusting.tls_ca_file = service_folder() + "/tls/cert.pem";
  Process let_in(trusting, secure);
  let_in.publish(some_events(1, 1));
  EXPECT_EQ(let_in.statistics().events_published, 1u);

  Process of_unknown_origin(options, secure);
  EXPECT_THROW(of_unknown_origin.publish(some_events(1, 1)), base::Unavailable);
  auto elsewhere = secure;
  elsewhere.host = "127.0.0.1";  // the certificate says localhost
  Process of_another_name(trusting, elsewhere);
  EXPECT_THROW(of_another_name.publish(some_events(1, 1)), base::Unavailable);
  trusting.tls_ca_file = "/nowhere";
  Process without_certificates(trusting, secure);
  try {
    without_certificates.publish(some_events(1, 1));
    FAIL();
  } catch (const base::Unavailable& error) {
    EXPECT_THAT(error.what(), HasSubstr("/nowhere"));
  }
}

TEST_F(BrokerFaultsTest, says_so_when_it_is_not_let_in) {
  auto endpoint = live_endpoint();
  endpoint.password = "secret";
  Process stranger(options, endpoint);
  try {
    stranger.publish(some_events(1, 1));
    FAIL();
  } catch (const base::Unavailable& error) {
    EXPECT_THAT(error.what(), HasSubstr("does not accept the user or the password of amqp://"));
    EXPECT_THAT(error.what(), ::testing::Not(HasSubstr("secret")));
  }
  endpoint = live_endpoint();
  endpoint.vhost = "nowhere";
  Process lost(options, endpoint);
  try {
    lost.publish(some_events(1, 1));
    FAIL();
  } catch (const base::Unavailable& error) {
    EXPECT_THAT(error.what(), HasSubstr("no such vhost"));
  }
}

}  // namespace
}  // namespace rubricon::rabbitmq
