/// What the parts of a device share. Private to the device's files.
#pragma once

#include <rubricon/base/timer.hpp>
#include <rubricon/sim/dice.hpp>
#include <rubricon/sim/loop.hpp>
#include <rubricon/sim/network.hpp>
#include <rubricon/sim/recorder.hpp>
#include <rubricon/sim/socket_client.hpp>
#include <rubricon/sim/storage.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <string>

namespace rubricon::sim {

/// Waits until it is rung; rings before the wait count.
class Bell {
 public:
  explicit Bell(const boost::asio::any_io_executor& executor) : timer_(executor) {
    timer_.expires_at(base::Instant::max());
  }
  void ring() {
    rung_ = true;
    timer_.cancel();
  }
  base::Task<void> wait() {
    while (!rung_) {
      boost::system::error_code woken;
      co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
      const auto state = co_await boost::asio::this_coro::cancellation_state;
      if (state.cancelled() != boost::asio::cancellation_type::none) {
        throw boost::system::system_error(boost::asio::error::operation_aborted);
      }
    }
    rung_ = false;
  }

 private:
  base::Timer timer_;
  bool rung_ = false;
};

struct DeviceParts {
  std::string name;  ///< "ann/1"
  std::string user_id;
  std::string token;
  Loop& loop;
  Network& network;
  Recorder& recorder;
  Dice dice;
  Link link;
  Storage storage;
  std::uint64_t stays = 0;  ///< in rooms, ever: numbers them

  base::Task<Answer> ask(Request request) {
    request.token = token;
    return network.ask(&link, std::move(request));
  }
  /// 1 s doubling to 30 s, the upper half by lot, as client/src/sync/backoff.ts.
  base::Milliseconds backoff(int attempt) {
    const auto most = std::min<std::int64_t>(30'000, 1'000LL << std::min(attempt - 1, 5));
    return base::Milliseconds(dice.between(most / 2, most));
  }
};

inline bool is_transient(const Answer& answer) {
  return !answer || answer->status >= 500 || answer->status == 429 || answer->status == 408;
}

}  // namespace rubricon::sim
