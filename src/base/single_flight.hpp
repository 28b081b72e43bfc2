/// Many who want the same at the same time cause the work once.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/fault.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/base/timer.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace rubricon::base {

/// One shard. Outlives the coroutines that it runs. Bounded by its callers: one entry for each.
template <typename Key, typename T>
class SingleFlight {
 public:
  using Work = std::function<Task<Result<T>>()>;

  /// The first caller of a key runs its `work`; whoever comes while it runs gets a copy of its
  /// value. An error, an exception or a cancellation is its own alone: then one of those who wait
  /// runs theirs. Throws DeadlineExceeded where nothing came of waiting until `deadline`, which
  /// does not bound the caller's own work.
  Task<Result<T>> run(Key key, Work work, Deadline deadline) {
    for (auto found = flights_.find(key); found != flights_.end(); found = flights_.find(key)) {
      const auto flight = found->second;
      co_await wait(flight, deadline);
      if (flight->value) co_return *flight->value;
    }
    const auto flight = std::make_shared<Flight>();
    flights_.emplace(key, flight);
    const Landing landing{*this, key, *flight};
    auto result = co_await work();
    if (result) flight->value = *result;
    co_return result;
  }

  std::size_t size() const { return flights_.size(); }

 private:
  struct Flight {
    std::optional<T> value;
    bool over = false;
    std::vector<std::shared_ptr<Timer>> waiting;
  };
  struct Landing {
    ~Landing() {
      flight.over = true;
      flights.flights_.erase(key);
      for (const auto& timer : flight.waiting) timer->cancel();
    }
    SingleFlight& flights;
    const Key& key;
    Flight& flight;
  };

  static Task<void> wait(std::shared_ptr<Flight> flight, Deadline deadline) {
    const auto timer = std::make_shared<Timer>(co_await boost::asio::this_coro::executor);
    timer->expires_at(deadline.instant());
    flight->waiting.push_back(timer);
    boost::system::error_code error;
    co_await timer->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, error));
    if (flight->over) co_return;
    if (error) throw boost::system::system_error(error);  // cancelled
    throw DeadlineExceeded("somebody else's work for the same took too long");
  }

  std::map<Key, std::shared_ptr<Flight>> flights_;
};

}  // namespace rubricon::base
