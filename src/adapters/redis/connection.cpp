#include <rubricon/redis/connection.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/base/timer.hpp>

#include <fmt/format.h>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::redis {
namespace asio = boost::asio;

/// Shared by the coroutine that waits and the place in the queue, whichever ends last.
struct Connection::Waiter {
  explicit Waiter(const asio::any_io_executor& executor) : done(executor) {}
  base::Timer done;  ///< rings when the wait is over; cancelled when there is an outcome
  std::optional<Reply> reply;
  bool lost = false;
};

Connection::Meters::Meters(observability::Metrics& m)
    : answered(m.counter("rubricon_redis_calls_total", "Commands by outcome",
                         {{"outcome", "answered"}})),
      refused(
          m.counter("rubricon_redis_calls_total", "Commands by outcome", {{"outcome", "refused"}})),
      late(m.counter("rubricon_redis_calls_total", "Commands by outcome", {{"outcome", "late"}})),
      away(m.counter("rubricon_redis_calls_total", "Commands by outcome", {{"outcome", "away"}})),
      connects(m.counter("rubricon_redis_connects_total", "Connections made to Redis")),
      seconds(m.histogram("rubricon_redis_call_seconds", "From asking to the answer")),
      waiting(m.gauge("rubricon_redis_waiting_commands", "Commands without an answer")),
      up(m.gauge("rubricon_redis_up", "1 while connected to Redis")) {}

Connection::Connection(asio::any_io_executor executor, ConnectionOptions options, Tools tools,
                       observability::Metrics& metrics)
    : executor_(std::move(executor)),
      options_(std::move(options)),
      tools_(tools),
      meters_(metrics),
      line_(executor_, options_.line, tools_, handlers()) {}

Connection::~Connection() = default;

base::Task<void> Connection::stop() {
  co_await line_.stop();
}

Line::Handlers Connection::handlers() {
  return {.up =
              [this] {
                meters_.connects.add();
                meters_.up.set(1);
              },
          .down = [this] { lost(); },
          .reply = [this](Reply reply) { answered(std::move(reply)); },
          .ping = [this] { post(Command{"PING"}); }};
}

base::Task<Reply> Connection::call(Command command, base::Deadline deadline,
                                   std::string expected_error) {
  const auto begin = tools_.clock.monotonic();
  if (deadline.reached(begin)) throw base::DeadlineExceeded("no time is left to ask redis");
  if (const auto* const why_not = obstacle()) {
    meters_.away.add();
    throw base::Unavailable(why_not);
  }
  const auto waiter = std::make_shared<Waiter>(executor_);
  waiter->done.expires_at(std::min(deadline.instant(), begin + options_.answer_max));
  if (!ask(command, waiter)) {
    meters_.away.add();
    throw base::Unavailable("too much waits to be sent to redis");
  }
  boost::system::error_code over;
  co_await waiter->done.async_wait(asio::redirect_error(asio::use_awaitable, over));
  if (waiter->reply) {
    const std::chrono::duration<double> took = tools_.clock.monotonic() - begin;
    meters_.seconds.observe(took.count());
    co_return checked(std::move(*waiter->reply), expected_error);
  }
  if (waiter->lost) {
    meters_.away.add();
    throw base::Unavailable("redis went away");
  }
  if (over) throw boost::system::system_error(over);  // cancelled
  meters_.late.add();
  throw base::DeadlineExceeded("redis did not answer in time");
}

bool Connection::post(const Command& command) {
  return obstacle() == nullptr && ask(command, nullptr);
}

bool Connection::usable() const {
  return obstacle() == nullptr;
}

const char* Connection::obstacle() const {
  if (!line_.up()) return "redis is away";
  if (asked_.empty()) return nullptr;
  if (asked_.size() >= options_.waiting_max) return "too many commands wait for redis";
  const auto waits = tools_.clock.monotonic() - asked_.front().at;
  return waits >= options_.answer_max ? "redis does not answer" : nullptr;
}

bool Connection::ask(const Command& command, std::shared_ptr<Waiter> waiter) {
  if (!line_.send(command)) return false;
  asked_.push_back({std::move(waiter), tools_.clock.monotonic()});
  meters_.waiting.set(static_cast<double>(asked_.size()));
  return true;
}

Reply Connection::checked(Reply reply, const std::string& expected_error) {
  const auto* error = reply.error();
  if (!error || (!expected_error.empty() && error->code() == expected_error)) {
    meters_.answered.add();
    return reply;
  }
  meters_.refused.add();
  throw base::Unavailable(fmt::format("redis refused a command: {}", error->code()));
}

void Connection::answered(Reply reply) {
  if (asked_.empty()) return;
  const auto waiter = std::move(asked_.front().waiter);
  asked_.pop_front();
  meters_.waiting.set(static_cast<double>(asked_.size()));
  if (!waiter) return;
  waiter->reply = std::move(reply);
  waiter->done.cancel();
}

void Connection::lost() {
  meters_.up.set(0);
  meters_.waiting.set(0);
  for (const auto& asked : std::exchange(asked_, {})) {
    if (!asked.waiter) continue;
    asked.waiter->lost = true;
    asked.waiter->done.cancel();
  }
}

}  // namespace rubricon::redis
