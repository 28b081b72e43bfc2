#include <rubricon/outbox/recent_feed.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/observability/task_errors.hpp>

#include <chrono>
#include <utility>

namespace rubricon::outbox {
namespace {

/// The cache is near, or of no use.
constexpr auto patience = std::chrono::milliseconds(250);

}  // namespace

RecentFeed::RecentFeed(boost::asio::any_io_executor executor, ports::EventBus& bus,
                       ports::RecentMessages& recent, const ports::Clock& clock,
                       observability::Log& log, observability::Metrics& metrics)
    : bus_(bus),
      recent_(recent),
      clock_(clock),
      passed_by_(metrics.counter("rubricon_recent_messages_passed_by_total",
                                 "Events that did not reach the cache of last messages")),
      tasks_(std::move(executor), observability::log_task_errors(log, "recent_messages.lost")) {}

base::Task<void> RecentFeed::publish(std::vector<std::shared_ptr<const domain::Event>> batch,
                                     base::Deadline deadline) {
  co_await bus_.publish(batch, deadline);
  for (auto& event : batch) add(std::move(event));
}

std::unique_ptr<ports::Subscription> RecentFeed::subscribe(ports::EventHandler on_event,
                                                           ports::ReconnectHandler on_reconnect) {
  return bus_.subscribe(std::move(on_event), std::move(on_reconnect));
}

base::Task<void> RecentFeed::stop() {
  co_await tasks_.stop();
  waiting_.clear();
}

void RecentFeed::add(std::shared_ptr<const domain::Event> event) {
  if (!event->stream.chat()) return;
  if (waiting_.size() == waiting_max) {
    passed_by_.add();
    return;
  }
  waiting_.push_back(std::move(event));
  if (!applying_) applying_ = tasks_.spawn(apply_waiting());
}

base::Task<void> RecentFeed::apply_waiting() {
  const struct Applying {
    bool& flag;
    ~Applying() { flag = false; }
  } applying{applying_};
  while (!waiting_.empty()) {
    const auto event = std::move(waiting_.front());
    waiting_.pop_front();
    try {
      co_await recent_.apply(event, base::Deadline::after(clock_.monotonic(), patience));
    } catch (const base::Unavailable&) {
      passed_by_.add(1 + waiting_.size());
      waiting_.clear();
    }
  }
}

}  // namespace rubricon::outbox
