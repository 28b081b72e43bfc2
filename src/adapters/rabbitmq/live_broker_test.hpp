/// For tests that need the real server: where it is, and names in it that no other test uses.
#pragma once

#include <rubricon/ports/contract/event_bus_contract.hpp>
#include <rubricon/rabbitmq/broker.hpp>
#include <rubricon/rabbitmq/event_wire.hpp>
#include <rubricon/rabbitmq/topology.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <source_location>
#include <string>
#include <vector>

namespace rubricon::rabbitmq {

inline std::string service_folder() {
  const char* folder =
      ::getenv("RUBRICON_SERVICES_DIR");  // tidy: allow getenv because ctest sets it
  EXPECT_NE(folder, nullptr) << "run by ctest, or start tools/services/rabbitmq yourself";
  return std::string(folder ? folder : ".") + "/rabbitmq";
}

inline Endpoint live_endpoint(const char* url_file = "url") {
  std::ifstream file(service_folder() + "/" + url_file);
  std::string url;
  std::getline(file, url);
  const auto endpoint = Endpoint::parse(url);
  EXPECT_TRUE(endpoint) << "no server: " << service_folder();
  return endpoint.value_or(Endpoint());
}

/// Evaluates Erlang in the server's node: what `rabbitmqctl` does too, which takes seconds.
inline void evaluate(const std::string& expression) {
  const auto command =
      fmt::format(". '{}/env' && rabbit_eval '{}' >/dev/null", service_folder(), expression);
  EXPECT_EQ(std::system(command.c_str()), 0) << expression;
}

inline void set_memory_alarm_at(double share_of_memory) {
  evaluate(fmt::format("vm_memory_monitor:set_vm_memory_high_watermark({:.8f})", share_of_memory));
}

/// The kernel keeps its connections, and nobody answers.
inline void stop_server_process() {
  EXPECT_EQ(std::system(fmt::format("kill -STOP $(cat '{}/pid')", service_folder()).c_str()), 0);
}
inline void continue_server_process() {
  EXPECT_EQ(std::system(fmt::format("kill -CONT $(cat '{}/pid')", service_folder()).c_str()), 0);
}

inline Options live_options() {
  static std::atomic<int> count = 0;
  const auto started = std::chrono::steady_clock::now().time_since_epoch().count();
  return {.prefix = fmt::format("test.{}.{}.{}", ::getpid(), started, ++count),
          .connection_name = "rubricon test"};
}

inline base::Deadline within(base::Milliseconds duration) {
  return base::Deadline::after(std::chrono::steady_clock::now(), duration);
}

/// Runs the shard until `done()`; fails after a minute.
inline void run_until(boost::asio::io_context& io, const std::function<bool()>& done,
                      std::source_location where = std::source_location::current()) {
  const auto deadline = within(std::chrono::minutes(1));
  while (!done()) {
    if (deadline.reached(std::chrono::steady_clock::now())) {
      ADD_FAILURE_AT(where.file_name(), static_cast<int>(where.line())) << "it does not happen";
      return;
    }
    io.restart();
    if (io.run_one_for(std::chrono::milliseconds(10)) == 0) {
      ::usleep(1'000);  // nothing waits on the shard: the threads are at it
    }
  }
}

inline std::vector<std::shared_ptr<const domain::Event>> some_events(std::int64_t first,
                                                                     std::int64_t last) {
  std::vector<std::shared_ptr<const domain::Event>> events;
  for (auto seq = first; seq <= last; ++seq) events.push_back(ports::contract::some_event(seq));
  return events;
}

inline std::vector<domain::JobId> some_jobs(std::int64_t first, std::int64_t last) {
  std::vector<domain::JobId> jobs;
  for (auto n = first; n <= last; ++n) jobs.emplace_back(base::Uuid::v7(n, {}));
  return jobs;
}

/// As where the system has run before: whoever declares the job queue while another is making it is
/// told that it is there before it has a leader, and what is published then is refused, to come
/// again with the next try of a relay.
inline Options options_of_made_queues() {
  const auto options = live_options();
  Lifeline lifeline;
  Connection connection(live_endpoint(), options, "test", lifeline);
  declare(connection, connection.open_channel(), options);
  connection.close();
  return options;
}

/// A process of ours: a broker object on a shard of its own.
class Process {
 public:
  explicit Process(const Options& options, const Endpoint& endpoint = live_endpoint())
      : broker_(std::make_unique<Broker>(io.get_executor(), endpoint, options, log, metrics)) {}

  Broker& broker() { return *broker_; }
  Statistics statistics() const { return broker_->statistics(); }
  void end() { broker_.reset(); }

  void publish(std::vector<std::shared_ptr<const domain::Event>> events,
               base::Milliseconds patience = std::chrono::minutes(1)) {
    ports::contract::run_task(io, broker_->publish(std::move(events), within(patience)));
  }
  void announce(std::vector<domain::JobId> jobs,
                base::Milliseconds patience = std::chrono::minutes(1)) {
    ports::contract::run_task(io, broker_->announce(std::move(jobs), within(patience)));
  }
  void listen() {
    events_ = broker_->subscribe([this](const auto& e) { heard.push_back(e->seq.value()); },
                                 [this] { ++reconnected; });
    run_until(io, [this] { return statistics().events == Feed::live && reconnected > 0; });
  }
  void stop_listening() { events_.reset(); }

  observability::Log log;
  observability::Metrics metrics;
  boost::asio::io_context io;
  std::vector<std::int64_t> heard;
  int reconnected = 0;

 private:
  std::unique_ptr<Broker> broker_;
  std::unique_ptr<ports::Subscription> events_;
};

/// What was put aside, and why: x-first-death-reason.
struct DeadMessage {
  std::string reason;
  std::string body;
};

/// Looks into the server past the adapter.
class Probe {
 public:
  explicit Probe(const Options& options)
      : options_(options), connection_(live_endpoint(), options, "probe", lifeline_) {}

  Connection& connection() { return connection_; }
  void delete_queue(const std::string& name) {
    amqp_queue_delete(connection_.state(), connection_.open_channel(),
                      amqp_cstring_bytes(name.c_str()), 0, 0);
  }
  void put(const std::string& exchange, const std::string& key, const std::string& body) {
    const auto channel = connection_.open_channel();
    connection_.publish(channel, {.exchange = exchange, .routing_key = key, .body = body});
    connection_.close_channel(channel);
  }
  /// The first message of a queue, which must have one.
  DeadMessage take(const std::string& name) {
    const auto channel = connection_.open_channel();
    auto* state = connection_.state();
    EXPECT_EQ(amqp_basic_get(state, channel, amqp_cstring_bytes(name.c_str()), 1).reply.id,
              AMQP_BASIC_GET_OK_METHOD);
    amqp_message_t message;
    EXPECT_EQ(amqp_read_message(state, channel, &message, 0).reply_type, AMQP_RESPONSE_NORMAL);
    DeadMessage dead{.reason = {}, .body = text_of(message.body)};
    for (int n = 0; n < message.properties.headers.num_entries; ++n) {
      const auto& header = message.properties.headers.entries[n];
      if (text_of(header.key) == "x-first-death-reason") {
        dead.reason = text_of(header.value.value.bytes);
      }
    }
    amqp_destroy_message(&message);
    connection_.close_channel(channel);
    return dead;
  }
  TopologyItem queue(const std::string& name) const {
    const auto items = inspect(live_endpoint(), options_);
    const auto found = std::ranges::find_if(
        items, [&](const auto& item) { return item.kind == "queue" && item.name == name; });
    return found == items.end() ? TopologyItem{} : *found;
  }

 private:
  static std::string text_of(const amqp_bytes_t& bytes) {
    return {static_cast<const char*>(bytes.bytes), bytes.len};
  }

  Options options_;
  Lifeline lifeline_;
  Connection connection_;
};

}  // namespace rubricon::rabbitmq
