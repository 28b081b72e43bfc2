#include <rubricon/base/pause.hpp>

#include <rubricon/base/timer.hpp>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace rubricon::base {

Task<void> pause(Instant::duration time) {
  Timer timer(co_await boost::asio::this_coro::executor, time);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace rubricon::base
