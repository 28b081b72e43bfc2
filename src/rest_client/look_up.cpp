#include <rubricon/rest_client/look_up.hpp>

#include <rubricon/base/timer.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace rubricon::rest_client {

namespace asio = boost::asio;

base::Task<Places> look_up_by(LookUp begin, base::Milliseconds time) {
  struct Pending {
    explicit Pending(const asio::any_io_executor& executor, base::Milliseconds time)
        : timer(executor, time) {}
    base::Timer timer;
    std::optional<boost::system::error_code> outcome;
    Places places;
  };
  const auto pending = std::make_shared<Pending>(co_await asio::this_coro::executor, time);
  begin([pending](boost::system::error_code outcome, Places places) {
    pending->outcome = outcome;
    pending->places = std::move(places);
    pending->timer.expires_at(base::Instant::min());
  });
  boost::system::error_code waited;
  co_await pending->timer.async_wait(asio::redirect_error(asio::use_awaitable, waited));
  if (!pending->outcome) {
    // The time is over, or the coroutine was cancelled.
    throw boost::system::system_error(
        waited ? waited : boost::beast::error_code(boost::beast::error::timeout));
  }
  if (*pending->outcome) throw boost::system::system_error(*pending->outcome);
  co_return std::move(pending->places);
}

base::Task<Places> look_up(Target target, base::Milliseconds time) {
  const auto resolver =
      std::make_shared<asio::ip::tcp::resolver>(co_await asio::this_coro::executor);
  LookUp begin = [&resolver, &target](auto done) {
    resolver->async_resolve(
        target.host, target.port,
        [resolver, done = std::move(done)](boost::system::error_code failed, Places places) {
          done(failed, std::move(places));
        });
  };
  co_return co_await look_up_by(std::move(begin), time);
}

}  // namespace rubricon::rest_client
