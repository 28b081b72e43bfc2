// A broker that is not there, or does not answer. What a live one does: broker_itest.cpp.
// tests: publish_call.cpp publisher.cpp worker_thread.cpp
#include <rubricon/rabbitmq/broker.hpp>

#include <rubricon/base/cancellation.hpp>
#include <rubricon/base/fault.hpp>
#include <rubricon/ports/contract/run_task.hpp>
#include <rubricon/ports/contract/some_event.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace rubricon::rabbitmq {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using ports::contract::run_task;
using ports::contract::some_event;
using Clock = std::chrono::steady_clock;

base::Deadline soon(base::Milliseconds duration) {
  return base::Deadline::after(Clock::now(), duration);
}

std::vector<std::shared_ptr<const domain::Event>> batch(std::int64_t count) {
  std::vector<std::shared_ptr<const domain::Event>> events;
  for (std::int64_t seq = 1; seq <= count; ++seq) events.push_back(some_event(seq));
  return events;
}

/// Takes connections and never says anything: the kernel alone answers.
class SilentServer {
 public:
  SilentServer() : acceptor_(io_, {asio::ip::address_v4::loopback(), 0}) {}
  Endpoint endpoint() const {
    return {.host = "127.0.0.1", .port = acceptor_.local_endpoint().port()};
  }

 private:
  asio::io_context io_;
  asio::ip::tcp::acceptor acceptor_;
};

Endpoint nobody() {
  asio::io_context io;
  const asio::ip::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  return {.host = "127.0.0.1", .port = acceptor.local_endpoint().port()};
}

class AbsentBrokerTest : public ::testing::Test {
 protected:
  std::unique_ptr<Broker> broker(const Endpoint& endpoint, const Options& options = {}) {
    return std::make_unique<Broker>(io.get_executor(), endpoint, options, log, metrics);
  }

  observability::Log log;
  observability::Metrics metrics;
  asio::io_context io;
};

TEST_F(AbsentBrokerTest, is_unavailable_at_once_where_nobody_listens) {
  const auto absent = broker(nobody());
  const auto begun = Clock::now();
  try {
    run_task(io, absent->publish(batch(1), soon(60s)));
    FAIL();
  } catch (const base::Unavailable& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("cannot be reached"));
    EXPECT_THAT(error.what(), ::testing::HasSubstr("amqp://guest@127.0.0.1"));
    EXPECT_THAT(error.what(), ::testing::Not(::testing::HasSubstr("guest:guest")));
  }
  EXPECT_LT(Clock::now() - begun, 5s);
}

TEST_F(AbsentBrokerTest, ends_at_the_deadline_where_nobody_answers) {
  const SilentServer server;
  const auto silent = broker(server.endpoint());
  EXPECT_THROW(run_task(io, silent->publish(batch(1), soon(100ms))), base::DeadlineExceeded);
}

TEST_F(AbsentBrokerTest, a_silent_broker_does_not_hold_up_the_end) {
  const SilentServer server;
  const Options options{.connect_timeout = 60s, .call_timeout = 60s, .close_timeout = 100ms};
  auto silent = broker(server.endpoint(), options);
  const auto events = silent->subscribe([](const auto&) {}, [] {});
  const auto jobs = silent->consume([](auto) {});
  EXPECT_THROW(run_task(io, silent->publish(batch(1), soon(100ms))), base::DeadlineExceeded);
  EXPECT_EQ(silent->statistics().events, Feed::starting);
  const auto begun = Clock::now();
  silent.reset();
  EXPECT_LT(Clock::now() - begun, 30s);
}

TEST_F(AbsentBrokerTest, refuses_more_than_its_queue_holds) {
  const SilentServer server;
  const auto silent = broker(server.endpoint(), {.publish_queue_max = 4});
  auto waiting = asio::co_spawn(io, silent->publish(batch(3), soon(500ms)), asio::use_future);
  EXPECT_THROW(run_task(io, silent->publish(batch(2), soon(60s))), base::Unavailable);
  EXPECT_EQ(silent->statistics().queue_refusals, 1u);
  io.restart();
  io.run();
  EXPECT_THROW(waiting.get(), base::DeadlineExceeded);
}

TEST_F(AbsentBrokerTest, who_has_stopped_waiting_keeps_nobody_out) {
  const SilentServer server;
  const auto silent = broker(server.endpoint(), {.publish_queue_max = 4});
  for (int n = 0; n < 3; ++n) {
    EXPECT_THROW(run_task(io, silent->publish(batch(3), soon(50ms))), base::DeadlineExceeded);
  }
  EXPECT_EQ(silent->statistics().queue_refusals, 0u);
}

TEST_F(AbsentBrokerTest, who_is_cancelled_does_not_wait) {
  const SilentServer server;
  const auto silent = broker(server.endpoint());
  asio::cancellation_signal signal;
  bool cancelled = false;
  asio::co_spawn(io, silent->publish(batch(1), soon(60s)),
                 asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error) {
                   try {
                     if (error) std::rethrow_exception(error);
                   } catch (const std::exception& what) {
                     cancelled = base::is_cancellation(what);
                   }
                 }));
  io.run_for(10ms);
  signal.emit(asio::cancellation_type::all);
  io.restart();
  io.run_for(1s);
  EXPECT_TRUE(cancelled);
}

TEST_F(AbsentBrokerTest, nothing_to_say_needs_no_broker) {
  const auto absent = broker(nobody());
  run_task(io, absent->publish({}, soon(1s)));
  run_task(io, absent->announce({}, soon(1s)));
}

TEST_F(AbsentBrokerTest, a_subscription_may_outlive_the_broker) {
  auto absent = broker(nobody());
  auto events = absent->subscribe([](const auto&) {}, [] {});
  auto jobs = absent->consume([](auto) {});
  absent.reset();
  events.reset();
  jobs.reset();
}

}  // namespace
}  // namespace rubricon::rabbitmq
