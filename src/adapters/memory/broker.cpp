#include <rubricon/memory/broker.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/memory/mailbox.hpp>

#include <algorithm>
#include <deque>
#include <list>
#include <utility>

namespace rubricon::memory {
namespace {

using EventPtr = std::shared_ptr<const domain::Event>;

/// A null event stands for "the connection was lost and made again".
using EventBox = Mailbox<EventPtr>;
using JobBox = Mailbox<domain::JobId>;

struct Listener {
  std::shared_ptr<EventBox> box;
  EventPtr delayed;  ///< waits for the next one to overtake it
};

}  // namespace

struct Broker::State {
  State(boost::asio::any_io_executor ex, Options opts) : executor(std::move(ex)), options(opts) {}

  boost::asio::any_io_executor executor;
  Options options;
  BrokerStats stats;
  std::list<Listener> listeners;
  std::list<std::shared_ptr<JobBox>> consumers;  ///< the front one is next
  std::deque<domain::JobId> jobs_waiting;        ///< while nobody consumes
  std::function<Fate(const domain::Event&)> fate;
  bool reachable = true;

  void lose_all(Listener& listener) {
    listener.delayed = nullptr;
    listener.box->clear();
    listener.box->push(nullptr);
  }

  void push(Listener& listener, const EventPtr& event) {
    if (listener.box->push(event)) return;
    ++stats.overflows;
    lose_all(listener);
  }

  void deliver(Listener& listener, const EventPtr& event) {
    const Fate what = fate ? fate(*event) : Fate::deliver;
    if (what == Fate::delay && !listener.delayed) {
      listener.delayed = event;
      return;
    }
    if (what != Fate::lose) push(listener, event);
    if (what == Fate::repeat) push(listener, event);
    if (listener.delayed) push(listener, std::exchange(listener.delayed, nullptr));
  }

  void offer(domain::JobId job) {
    for (std::size_t tried = 0; tried < consumers.size(); ++tried) {
      consumers.splice(consumers.end(), consumers, consumers.begin());
      if (consumers.back()->push(job)) return;
    }
    if (consumers.empty() && jobs_waiting.size() < options.jobs_max) {
      jobs_waiting.push_back(job);
    } else {
      ++stats.jobs_dropped;
    }
  }

  void check_reachable() const {
    if (!reachable) throw base::Unavailable("the in-process broker is switched off");
  }
};

Broker::Broker(boost::asio::any_io_executor executor, Options options)
    : state_(std::make_shared<State>(std::move(executor), options)) {}

Broker::~Broker() = default;

base::Task<void> Broker::publish(std::vector<EventPtr> batch, base::Deadline) {
  state_->check_reachable();
  state_->stats.events_published += batch.size();
  for (const auto& event : batch) {
    for (auto& listener : state_->listeners) state_->deliver(listener, event);
  }
  co_return;
}

std::unique_ptr<ports::Subscription> Broker::subscribe(ports::EventHandler on_event,
                                                       ports::ReconnectHandler on_reconnect) {
  auto handle = [event_handler = std::move(on_event),
                 reconnect_handler = std::move(on_reconnect)](EventPtr event) {
    if (event) {
      event_handler(std::move(event));
    } else {
      reconnect_handler();
    }
  };
  auto box =
      std::make_shared<EventBox>(state_->executor, state_->options.events_max, std::move(handle));
  state_->listeners.push_back({box, nullptr});
  auto leave = [weak = std::weak_ptr(state_), box] {
    if (const auto state = weak.lock()) {
      state->listeners.remove_if([&](const Listener& l) { return l.box == box; });
    }
  };
  return std::make_unique<MailboxSubscription<EventPtr>>(box, std::move(leave));
}

bool Broker::connected() const {
  return state_->reachable;
}

base::Task<void> Broker::announce(std::vector<domain::JobId> jobs, base::Deadline) {
  state_->check_reachable();
  for (const auto job : jobs) state_->offer(job);
  co_return;
}

std::unique_ptr<ports::Subscription> Broker::consume(ports::JobHandler on_job) {
  auto box =
      std::make_shared<JobBox>(state_->executor, state_->options.jobs_max, std::move(on_job));
  state_->consumers.push_back(box);
  for (auto waiting = std::exchange(state_->jobs_waiting, {}); const auto job : waiting) {
    state_->offer(job);
  }
  auto leave = [weak = std::weak_ptr(state_), box] {
    if (const auto state = weak.lock()) state->consumers.remove(box);
  };
  return std::make_unique<MailboxSubscription<domain::JobId>>(box, std::move(leave));
}

const BrokerStats& Broker::stats() const {
  return state_->stats;
}

void Broker::set_fate(std::function<Fate(const domain::Event&)> fate) {
  state_->fate = std::move(fate);
}

void Broker::switch_off() {
  state_->reachable = false;
}

void Broker::switch_on() {
  state_->reachable = true;
}

void Broker::drop_connections() {
  for (auto& listener : state_->listeners) state_->lose_all(listener);
}

}  // namespace rubricon::memory
