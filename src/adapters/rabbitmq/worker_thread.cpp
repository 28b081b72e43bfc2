#include <rubricon/rabbitmq/worker_thread.hpp>

#include <rubricon/rabbitmq/topology.hpp>

#include <poll.h>
#include <chrono>
#include <random>
#include <utility>

namespace rubricon::rabbitmq {
namespace {

using Clock = std::chrono::steady_clock;

/// Waits until something is signalled, or for `duration`; negative is for ever.
void wait_for(const Wake& wake, base::Milliseconds duration) {
  pollfd descriptor{.fd = wake.fd(), .events = POLLIN, .revents = 0};
  ::poll(&descriptor, 1, static_cast<int>(duration.count()));
}

/// Somebody must act: it does not pass by itself.
bool needs_people(const std::exception& error) {
  const auto* refused = dynamic_cast<const Refused*>(&error);
  return refused &&
         (refused->code() == AMQP_ACCESS_REFUSED || refused->code() == AMQP_NOT_ALLOWED ||
          refused->code() == AMQP_PRECONDITION_FAILED);
}

}  // namespace

WorkerThread::WorkerThread(Place place, Session& session)
    : place_(std::move(place)), session_(session) {}

WorkerThread::~WorkerThread() {
  close();
}

void WorkerThread::start() {
  thread_ = std::thread([this] { loop(); });
}

void WorkerThread::close() {
  closing_ = true;
  wake_->signal();
  if (!thread_.joinable()) return;
  {
    std::unique_lock lock(mutex_);
    ended_.wait_for(lock, place_.options.close_timeout, [this] { return has_ended_; });
  }
  lifeline_.cut();  // harmless where it has ended
  thread_.join();
}

void WorkerThread::loop() {
  base::Backoff backoff(place_.options.reconnect_delay_min, place_.options.reconnect_delay_max,
                        std::random_device()());
  while (wait_until_wanted()) {
    connect_and_run(backoff);
    rest(backoff.next());
  }
  session_.ended();
  const std::lock_guard lock(mutex_);
  has_ended_ = true;
  ended_.notify_all();
}

void WorkerThread::connect_and_run(base::Backoff& backoff) {
  auto stage = Session::Stage::connecting;
  const auto begun = Clock::now();
  try {
    Connection connection(place_.endpoint, place_.options, place_.role, lifeline_);
    const auto channel = connection.open_channel();
    declare(connection, channel, place_.options);
    connection.close_channel(channel);
    stage = Session::Stage::established;
    place_.connected.set(1);
    place_.log.info("rabbitmq.connected", {{"role", place_.role}});
    session_.run(connection);
    connection.close();
  } catch (const std::exception& error) {
    if (!closing()) report(error);
    session_.lost(stage, error.what());
  }
  place_.connected.set(0);
  // A broker that takes us in only to throw us out again must not be asked in a tight loop.
  if (stage == Session::Stage::established &&
      Clock::now() - begun > place_.options.reconnect_delay_max) {
    backoff.reset();
  }
}

void WorkerThread::report(const std::exception& error) {
  place_.losses.add();
  place_.log.repeated(
      needs_people(error) ? observability::Level::error : observability::Level::warning,
      "rabbitmq.not_connected", {{"role", place_.role}, {"error.message", error.what()}});
}

bool WorkerThread::wait_until_wanted() {
  for (;;) {
    wake_->clear();
    if (closing()) return false;
    if (session_.wanted()) return true;
    wait_for(*wake_, base::Milliseconds(-1));
  }
}

void WorkerThread::rest(base::Milliseconds duration) {
  const auto end = Clock::now() + duration;
  while (!closing() && Clock::now() < end) {
    wait_for(*wake_, std::chrono::ceil<base::Milliseconds>(end - Clock::now()));
    wake_->clear();
  }
}

}  // namespace rubricon::rabbitmq
