#include <rubricon/redis/line.hpp>

#include <rubricon/base/backoff.hpp>
#include <rubricon/base/pause.hpp>
#include <rubricon/observability/fault_level.hpp>
#include <rubricon/observability/task_errors.hpp>

#include <utility>

namespace rubricon::redis {

Line::Line(boost::asio::any_io_executor executor, LineOptions options, Tools tools,
           Handlers handlers)
    : executor_(executor),
      options_(std::move(options)),
      tools_(tools),
      handlers_(std::move(handlers)),
      tasks_(std::move(executor),
             observability::log_task_errors(tools.log, "redis.connection_failed")) {}

void Line::start() {
  tasks_.spawn(run());
  tasks_.spawn(watch());
}

base::Task<void> Line::stop() {
  co_await tasks_.stop();
  hang_up();
}

bool Line::send(const Command& command) {
  if (!session_) return false;
  const auto bytes = command.bytes();
  if (session_->unsent() + bytes.size() > options_.unsent_max) return false;
  session_->write(bytes);
  return true;
}

base::Task<void> Line::run() {
  base::Backoff delay(options_.retry_min, options_.retry_max, tools_.clock.monotonic());
  for (;;) {
    try {
      const auto deadline = base::Deadline::after(tools_.clock.monotonic(), options_.dial_timeout);
      session_ = co_await Session::dial(executor_, options_.session, deadline);
      delay.reset();
      co_await talk();
    } catch (const std::exception& fault) {
      hang_up();
      if (tasks_.stopped()) throw;  // cancelled
      tools_.log.repeated(observability::fault_level(fault), "redis.away",
                          {{"address", options_.session.address.to_string()},
                           {"connection", options_.session.name},
                           {"error.message", fault.what()}});
    }
    co_await base::pause(delay.next());
  }
}

base::Task<void> Line::talk() {
  const auto session = session_;
  heard_ = tools_.clock.monotonic();
  tools_.log.repeated(
      observability::Level::info, "redis.connected",
      {{"address", options_.session.address.to_string()}, {"connection", options_.session.name}});
  handlers_.up();
  for (;;) {
    co_await session->receive();
    heard_ = tools_.clock.monotonic();
    while (auto reply = session->next()) handlers_.reply(std::move(*reply));
  }
}

base::Task<void> Line::watch() {
  for (;;) {
    co_await base::pause(options_.ping_every);
    if (!session_) continue;
    const auto silent = tools_.clock.monotonic() - heard_;
    if (silent >= options_.silence_max) {
      session_->close();  // `talk` ends with it
    } else if (silent >= options_.ping_every) {
      handlers_.ping();
    }
  }
}

void Line::hang_up() {
  const auto session = std::exchange(session_, nullptr);
  if (!session) return;
  session->close();
  handlers_.down();
}

}  // namespace rubricon::redis
