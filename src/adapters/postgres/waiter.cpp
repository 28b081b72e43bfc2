#include <rubricon/postgres/waiter.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace rubricon::postgres {
namespace asio = boost::asio;

void Waiter::call() {
  called_ = true;
  timer_.cancel();
}

base::Task<Waiter::Woken> Waiter::wait(base::Instant::duration at_most) {
  if (called_) co_return Woken::called;
  timer_.expires_after(at_most);
  boost::system::error_code ended;
  co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  if (called_) co_return Woken::called;
  if (ended) throw boost::system::system_error(ended);
  co_return Woken::late;
}

base::Task<void> Waiter::wait() {
  if (called_) co_return;
  timer_.expires_at(base::Instant::max());
  boost::system::error_code ended;
  co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  if (!called_) throw boost::system::system_error(asio::error::operation_aborted);
}

}  // namespace rubricon::postgres
