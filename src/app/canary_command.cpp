#include <rubricon/app/canary_command.hpp>

#include <rubricon/app/front_door.hpp>
#include <rubricon/app/log_options.hpp>
#include <rubricon/app/secret_input.hpp>
#include <rubricon/base/task_group.hpp>
#include <rubricon/canary/canary.hpp>
#include <rubricon/crypto/system_clock.hpp>
#include <rubricon/crypto/system_random.hpp>
#include <rubricon/net/http_server.hpp>
#include <rubricon/observability/task_errors.hpp>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <future>
#include <optional>

namespace rubricon::app {
namespace {

namespace asio = boost::asio;

rest_client::Target target_of(const Config& config, const CanaryRequest& request) {
  const auto url = request.url.empty() ? "http://" + config.listen.to_string() : request.url;
  const auto target = rest_client::Target::parse(url);
  if (!target) {
    throw ConfigError(fmt::format(
        "--url must be like http://127.0.0.1:3000, without TLS and path, not \"{}\"", url));
  }
  return *target;
}

std::string password_of(const CanaryRequest& request) {
  if (request.password_file.empty()) return read_secret("password for " + request.email + ": ");
  std::ifstream file(request.password_file);
  std::string password;
  if (!std::getline(file, password)) {
    throw ConfigError(fmt::format("no password can be read from {}", request.password_file));
  }
  return password;
}

/// The loop, its metrics and its end.
class Watch {
 public:
  Watch(asio::io_context& io, canary::Canary& canary, observability::Log& log,
        observability::Metrics& metrics)
      : tasks_(io.get_executor(), observability::log_task_errors(log, "canary.lost")),
        io_(io),
        canary_(canary),
        signals_(io, SIGINT, SIGTERM),
        door_(metrics),
        server_(io.get_executor(), {}, door_, log, metrics) {}

  std::uint16_t listen(const ListenAddress& where) {
    return server_.listen(where.host, where.port);
  }

  void run(base::Milliseconds pace, const ports::Clock& clock) {
    tasks_.spawn(canary_.run(pace, &clock));
    signals_.async_wait([this](boost::system::error_code, int) {
      asio::co_spawn(io_, stop(), [](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
      });
    });
    io_.run();
  }

 private:
  base::Task<void> stop() {
    co_await tasks_.stop();
    co_await server_.drain(base::Deadline::at({}));
  }

  base::TaskGroup tasks_;
  asio::io_context& io_;
  canary::Canary& canary_;
  asio::signal_set signals_;
  AdminDoor door_;
  net::HttpServer server_;
};

}  // namespace

int verify_by_canary(const Config& config, const CanaryRequest& request) {
  if (request.email.empty()) throw ConfigError("--canary needs --email of an account of its own");
  if (request.every_s < 1 || request.answer_within_s < 1) {
    throw ConfigError("--every and --answer-within are seconds, from 1");
  }
  const auto target = target_of(config, request);
  std::optional<ListenAddress> metrics_listen;
  if (!request.metrics_listen.empty())
    metrics_listen = ListenAddress::parse(request.metrics_listen);
  canary::Account account{.email = request.email, .password = password_of(request)};
  const canary::ProbeOptions options{.answer_timeout =
                                         std::chrono::seconds(request.answer_within_s)};
  const crypto::SystemClock clock;
  crypto::SystemRandom random;
  asio::io_context io(1);
  canary::Probe probe(target, std::move(account), options, clock, random);
  if (request.once) {
    auto seen = asio::co_spawn(io, probe.run(), asio::use_future);
    // Not until there is nothing to do: a look-up of the name that takes too long goes on.
    while (seen.wait_for(std::chrono::seconds(0)) != std::future_status::ready) io.run_one();
    const auto outcome = seen.get();
    std::printf("%s\n", canary::to_text(outcome).c_str());
    std::fflush(stdout);
    return outcome.failure ? 1 : 0;
  }
  observability::Log log(log_options(config), [&clock] { return clock.now(); });
  observability::Metrics metrics;
  canary::Canary canary(probe, log, metrics);
  Watch watch(io, canary, log, metrics);
  const auto port = metrics_listen ? watch.listen(*metrics_listen) : std::uint16_t(0);
  log.info("canary.ready", {{"url", target.authority}, {"metrics_port", port}});
  watch.run(std::chrono::seconds(request.every_s), clock);
  return 0;
}

}  // namespace rubricon::app
