#include <rubricon/revocation/revocation_feed.hpp>

#include <rubricon/base/pause.hpp>
#include <rubricon/observability/task_errors.hpp>

#include <chrono>
#include <utility>

namespace rubricon::revocation {
namespace {

using namespace std::chrono_literals;

}  // namespace

RevocationFeed::RevocationFeed(boost::asio::any_io_executor executor, ports::EventBus& bus,
                               const Services& services)
    : bus_(bus),
      tasks_(std::move(executor),
             observability::log_task_errors(services.log, "revocation.feed_failed")),
      watch_(tasks_, services, {}) {}

void RevocationFeed::start() {
  events_ = bus_.subscribe([this](const auto& event) { watch_.heard(*event); },
                           [this] { watch_.load(); });
  watch_.load();
  tasks_.spawn(look_for_ever());
}

base::Task<void> RevocationFeed::stop() {
  events_.reset();
  return tasks_.stop();
}

base::Task<void> RevocationFeed::look_for_ever() {
  for (;;) {
    co_await base::pause(1s);
    watch_.look();
  }
}

}  // namespace rubricon::revocation
