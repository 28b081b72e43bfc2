/// Tells an api that runs without a gateway which sessions have ended.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/ports/event_bus.hpp>
#include <rubricon/revocation/revocation_watch.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace rubricon::revocation {

/// One shard. What it is made of outlives `stop()`.
class RevocationFeed {
 public:
  RevocationFeed(boost::asio::any_io_executor executor, ports::EventBus& bus,
                 const Services& services);

  void start();
  base::Task<void> stop();
  /// Whether tokens may be believed.
  bool loaded() const { return watch_.loaded(); }

 private:
  base::Task<void> look_for_ever();

  ports::EventBus& bus_;
  base::TaskGroup tasks_;
  RevocationWatch watch_;
  std::unique_ptr<ports::Subscription> events_;
};

}  // namespace rubricon::revocation
