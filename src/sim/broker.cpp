#include <rubricon/sim/broker.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/base/pause.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::sim {
namespace {

using namespace std::chrono_literals;

}  // namespace

class Broker::Leaving final : public ports::Subscription {
 public:
  Leaving(Broker& broker, ListenerPtr listener) : broker_(broker), listener_(std::move(listener)) {}
  ~Leaving() override { std::erase(broker_.listeners_, listener_); }

 private:
  Broker& broker_;
  ListenerPtr listener_;
};

/// There and back again.
base::Task<void> Broker::exchange() {
  co_await base::pause(dice_.between(1ms, 3ms));
  if (!faults.reachable) throw base::Unavailable("the broker does not answer");
}

base::Task<void> Broker::publish(std::vector<std::shared_ptr<const domain::Event>> batch,
                                 base::Deadline) {
  co_await exchange();
  for (const auto& event : batch) {
    for (const auto& listener : std::vector(listeners_)) {
      if (!listener->on_event) continue;
      deliver(listener, [event](Listener& to) { to.on_event(event); });
    }
  }
  if (dice_.chance(faults.confirm_lost)) throw base::Unavailable("the broker did not confirm");
}

base::Task<void> Broker::announce(std::vector<domain::JobId> jobs, base::Deadline) {
  co_await exchange();
  std::vector<ListenerPtr> consumers;
  std::ranges::copy_if(listeners_, std::back_inserter(consumers),
                       [](const ListenerPtr& listener) { return listener->on_job != nullptr; });
  for (const auto job : jobs) {
    if (consumers.empty()) break;  // the sweep announces them again
    deliver(dice_.pick(consumers), [job](Listener& to) { to.on_job(job); });
  }
  if (dice_.chance(faults.confirm_lost)) throw base::Unavailable("the broker did not confirm");
}

void Broker::deliver(const ListenerPtr& to, const std::function<void(Listener&)>& what) {
  if (dice_.chance(faults.lose)) return;
  send(to, what);
  if (dice_.chance(faults.repeat)) send(to, what);
}

void Broker::send(const ListenerPtr& to, const std::function<void(Listener&)>& what) {
  At due{};
  if (dice_.chance(faults.delay)) {
    due = loop_.elapsed() + dice_.between(1ms, faults.delay_max);
  } else {
    due = std::max(to->last_due, loop_.elapsed() + dice_.between(0ms, 3ms));
    to->last_due = due;
  }
  loop_.at(due, [this, weak = std::weak_ptr(to), what, sent_in = connection_] {
    const auto listener = weak.lock();
    if (!listener || sent_in != connection_) return;
    if (std::ranges::find(listeners_, listener) != listeners_.end()) what(*listener);
  });
}

std::unique_ptr<ports::Subscription> Broker::add(Listener listener) {
  listeners_.push_back(std::make_shared<Listener>(std::move(listener)));
  return std::make_unique<Leaving>(*this, listeners_.back());
}

std::unique_ptr<ports::Subscription> Broker::subscribe(ports::EventHandler on_event,
                                                       ports::ReconnectHandler on_reconnect) {
  return add(
      {.on_event = std::move(on_event), .on_reconnect = std::move(on_reconnect), .on_job = {}});
}

std::unique_ptr<ports::Subscription> Broker::consume(ports::JobHandler on_job) {
  return add({.on_event = {}, .on_reconnect = {}, .on_job = std::move(on_job)});
}

void Broker::lose_connections() {
  ++connection_;
  for (const auto& listener : listeners_) {
    if (!listener->on_reconnect) continue;
    send(listener, [](Listener& to) { to.on_reconnect(); });
  }
}

}  // namespace rubricon::sim
