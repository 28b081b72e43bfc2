#include <rubricon/app/serve.hpp>

#include <rubricon/app/compose.hpp>
#include <rubricon/app/log_options.hpp>
#include <rubricon/app/offline_database.hpp>
#include <rubricon/base/failpoint.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>

namespace rubricon::app {
namespace {

namespace asio = boost::asio;

/// Ends the program at the first signal, in order; a second one means now.
class Shutdown {
 public:
  Shutdown(asio::io_context& io, Program& program, observability::Log& log)
      : signals_(io, SIGINT, SIGTERM), io_(io), program_(program), log_(log) {
    wait();
  }

  std::exception_ptr failure() const { return failure_; }

 private:
  void wait() {
    signals_.async_wait([this](boost::system::error_code error, int number) {
      if (error) return;
      if (draining_) std::_Exit(128 + number);
      draining_ = true;
      log_.info("app.draining", {{"signal", number}});
      asio::co_spawn(io_, program_.stop(), [this](std::exception_ptr failed) {
        failure_ = failed;
        signals_.cancel();  // nothing is left to run, and run() returns
      });
      wait();
    });
  }

  asio::signal_set signals_;
  asio::io_context& io_;
  Program& program_;
  observability::Log& log_;
  bool draining_ = false;
  std::exception_ptr failure_;
};

void arm([[maybe_unused]] const Config& config) {
#ifdef RUBRICON_FAILPOINTS
  base::arm_failpoints(config.failpoint);
  crypto::follow_clock_error(config.clock_error);
#endif
}

/// What is thrown is thrown on. What the engines began goes on when `io` runs again.
void open(asio::io_context& io, Program& program) {
  std::exception_ptr failure;
  asio::co_spawn(io, program.open(), [&](std::exception_ptr failed) {
    failure = failed;
    io.stop();
  });
  io.run();
  io.restart();
  if (failure) std::rethrow_exception(failure);
}

/// Where one address is taken, what listens at the other ends before the program goes.
void start(asio::io_context& io, Program& program) {
  try {
    program.start();
  } catch (...) {
    const auto failure = std::current_exception();
    asio::co_spawn(io, program.stop_listening(), [](std::exception_ptr) {});
    io.run();
    std::rethrow_exception(failure);
  }
}

}  // namespace

int serve(const Config& config) {
  arm(config);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a failed write, as on a full disk
  const crypto::SystemClock clock;
  observability::Log log(log_options(config), [&clock] { return clock.now(); });
  asio::io_context io(1);
  Program program(io.get_executor(), config, log);
  open(io, program);
  start(io, program);
  Shutdown shutdown(io, program, log);
  asio::co_spawn(io, program.until_ready(), [&](std::exception_ptr) {
    log.info("app.ready", {{"server.address", config.listen.host},
                           {"server.port", program.port()},
                           {"admin_port", program.admin_port()},
                           {"roles", config.roles.to_string()},
                           {"data_dir", config.data_dir.string()}});
  });
  io.run();
  if (shutdown.failure()) std::rethrow_exception(shutdown.failure());
  log.info("app.stopped");
  return 0;
}

int migrate(const Config& config) {
  arm(config);
  const OfflineDatabase database(config);
  std::printf("%s has the newest schema\n",
              config.on_sqlite() ? config.database().c_str() : "the database");
  return 0;
}

}  // namespace rubricon::app
