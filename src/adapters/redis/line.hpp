/// A connection to Redis that is made again whenever it is lost, and that notices when Redis says
/// nothing any more.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/base/time.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/random.hpp>
#include <rubricon/redis/command.hpp>
#include <rubricon/redis/session.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace rubricon::redis {

struct LineOptions {
  SessionOptions session;
  base::Milliseconds dial_timeout{2'000};
  /// Between two attempts: see base::Backoff.
  base::Milliseconds retry_min{100};
  base::Milliseconds retry_max{5'000};
  /// Asked whether it is there after so long without a word, given up after `silence_max`.
  base::Milliseconds ping_every{1'000};
  base::Milliseconds silence_max{3'000};
  /// What may wait for the kernel to take it.
  std::size_t unsent_max = 8 * 1024 * 1024;
};

/// Outlive everything that is made of them.
struct Tools {
  const ports::Clock& clock;
  ports::Random& random;
  observability::Log& log;
};

/// One executor, also for the handlers; they may send, and must not throw.
class Line {
 public:
  struct Handlers {
    std::function<void()> up;          ///< connected, for the first time or again
    std::function<void()> down;        ///< after each `up`, when the connection is lost or stopped
    std::function<void(Reply)> reply;  ///< in the order of arrival
    std::function<void()> ping;        ///< to send something that Redis answers
  };

  Line(boost::asio::any_io_executor executor, LineOptions options, Tools tools, Handlers handlers);

  /// Begins to dial. Once.
  void start();
  /// Hangs up. Completes when nothing of it runs any more; before the destructor.
  base::Task<void> stop();

  bool up() const { return session_ != nullptr; }
  /// False, and nothing is sent, where the line is down or too much waits to be sent.
  bool send(const Command& command);

 private:
  base::Task<void> run();
  base::Task<void> talk();
  base::Task<void> watch();
  void hang_up();

  boost::asio::any_io_executor executor_;
  LineOptions options_;
  Tools tools_;
  Handlers handlers_;
  std::shared_ptr<Session> session_;  ///< null while down
  base::Instant heard_{};
  base::TaskGroup tasks_;
};

}  // namespace rubricon::redis
