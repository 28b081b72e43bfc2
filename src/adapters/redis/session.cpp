#include <rubricon/redis/session.hpp>

#include <rubricon/base/cancellation.hpp>
#include <rubricon/base/fault.hpp>
#include <rubricon/base/timer.hpp>
#include <rubricon/redis/command.hpp>

#include <fmt/format.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <utility>
#include <vector>

namespace rubricon::redis {
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

using Endpoint = asio::generic::stream_protocol::endpoint;

/// The code of the refusal only: its text may repeat what was sent.
void refuse_errors(const Reply& reply, const char* what) {
  if (const auto* error = reply.error()) {
    throw base::Unavailable(fmt::format("redis refused {}: {}", what, error->code()));
  }
}

/// Says what failed. Throws on where it was cancelled.
[[noreturn]] void fail(const char* what, const error_code& error) {
  if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
  throw base::Unavailable(fmt::format("redis {}: {}", what, error.message()));
}

}  // namespace

base::Task<std::shared_ptr<Session>> Session::dial(asio::any_io_executor executor,
                                                   SessionOptions options,
                                                   base::Deadline deadline) {
  const auto session = std::make_shared<Session>(executor, options.limits);
  base::Timer watchdog(executor);
  watchdog.expires_at(deadline.instant());
  watchdog.async_wait([session](error_code cancelled) {
    if (cancelled || session->dialled_ || session->closed_) return;
    session->late_ = true;
    session->close();
  });
  std::string failure;
  try {
    co_await session->connect(options.address);
    co_await session->sign_in(std::move(options));
    session->dialled_ = true;
    co_return session;
  } catch (const std::exception& fault) {
    session->close();
    if (base::is_cancellation(fault) && !session->late_) throw;
    failure = fault.what();
  }
  if (session->late_) throw base::DeadlineExceeded("redis could not be reached in time");
  throw base::Unavailable(failure);
}

Session::Session(const asio::any_io_executor& executor, ReplyLimits limits)
    : socket_(executor), resolver_(executor), reader_(limits) {}

base::Task<void> Session::connect(Address address) {
  std::vector<Endpoint> endpoints;
  error_code error;
  if (!address.unix_path.empty()) {
    endpoints.emplace_back(asio::local::stream_protocol::endpoint(address.unix_path));
  } else if (const auto literal = asio::ip::make_address(address.host, error); !error) {
    endpoints.emplace_back(asio::ip::tcp::endpoint(literal, address.port));
  } else {
    const auto found =
        co_await resolver_.async_resolve(address.host, std::to_string(address.port),
                                         asio::redirect_error(asio::use_awaitable, error));
    if (error) fail("has no address", error);
    for (const auto& entry : found) endpoints.emplace_back(entry.endpoint());
  }
  for (const auto& endpoint : endpoints) {
    if (closed_) fail("cannot be reached", asio::error::operation_aborted);
    if (socket_.is_open()) socket_.close(error);
    co_await socket_.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
    if (!error || error == asio::error::operation_aborted) break;
  }
  if (error) fail("cannot be reached", error);
  if (!address.unix_path.empty()) co_return;
  socket_.set_option(asio::ip::tcp::no_delay(true), error);
  socket_.set_option(asio::socket_base::keep_alive(true), error);
}

base::Task<void> Session::sign_in(SessionOptions options) {
  const auto& address = options.address;
  if (!address.password.empty()) {
    Command auth{"AUTH"};
    if (!address.user.empty()) auth.add(address.user);
    auth.add(address.password);
    refuse_errors(co_await ask(std::move(auth)), "the password");
  }
  if (address.database != 0) {
    Command select{"SELECT"};
    select.add(address.database);
    refuse_errors(co_await ask(std::move(select)), "the database");
  }
  // A name is for people who look at the server; a proxy before it may not know what that is.
  co_await ask(Command{"CLIENT", "SETNAME", options.name});
  refuse_errors(co_await ask(Command{"PING"}), "PING");
}

base::Task<Reply> Session::ask(Command command) {
  write(command.bytes());
  for (;;) {
    if (auto reply = next()) co_return std::move(*reply);
    co_await receive();
  }
}

void Session::write(const std::string& bytes) {
  if (closed_) return;
  outgoing_ += bytes;
  if (flushing_) return;
  flushing_ = true;
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->flush(); });
}

void Session::flush() {
  if (closed_) return;
  leaving_ = std::exchange(outgoing_, {});
  asio::async_write(socket_, asio::buffer(leaving_),
                    [self = shared_from_this()](error_code error, std::size_t) {
                      self->leaving_.clear();
                      if (error) return self->close();
                      if (!self->outgoing_.empty()) return self->flush();
                      self->flushing_ = false;
                    });
}

base::Task<void> Session::receive() {
  const auto self = shared_from_this();
  error_code error;
  const auto size = co_await socket_.async_read_some(
      asio::buffer(incoming_), asio::redirect_error(asio::use_awaitable, error));
  if (closed_) throw base::Unavailable("the connection to redis was given up");
  if (error) fail("went away", error);
  reader_.feed({incoming_.data(), size});
}

void Session::close() noexcept {
  if (closed_) return;
  closed_ = true;
  error_code ignored;
  resolver_.cancel();
  socket_.close(ignored);
}

}  // namespace rubricon::redis
