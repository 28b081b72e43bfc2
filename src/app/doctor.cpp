#include <rubricon/app/doctor.hpp>

#include <rubricon/ai_http/ai_http_client.hpp>
#include <rubricon/app/ai_settings.hpp>
#include <rubricon/app/diagnosis.hpp>
#include <rubricon/base/fault.hpp>
#include <rubricon/crypto/system_clock.hpp>
#include <rubricon/crypto/system_random.hpp>
#include <rubricon/rabbitmq/endpoint.hpp>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <unistd.h>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>

namespace rubricon::app {
namespace {

namespace asio = boost::asio;
using Grade = Finding::Grade;

constexpr auto patience = std::chrono::seconds(10);

template <typename T>
T run(asio::io_context& io, base::Task<T> task) {
  auto future = asio::co_spawn(io, std::move(task), asio::use_future);
  io.restart();
  io.run();
  return future.get();
}

/// The nearest folder above that is there.
std::filesystem::path existing(std::filesystem::path folder) {
  folder = std::filesystem::absolute(folder);
  while (!std::filesystem::exists(folder) && folder.has_parent_path()) {
    folder = folder.parent_path();
  }
  return folder;
}

Findings look_at_folder(const Config& config) {
  const auto folder = existing(config.data_dir);
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    return {{Grade::broken, "disk",
             fmt::format("{} cannot be written to by this account", folder.string()),
             "run the server as its owner, or set data_dir to a folder of its account"}};
  }
  return diagnose_space(std::filesystem::space(folder).available);
}

Findings look_at_page(const Config& config) {
  if (config.client_dir.empty()) return {};
  if (std::filesystem::is_regular_file(config.client_dir / "index.html")) {
    return {{Grade::good, "page", fmt::format("is in {}", config.client_dir.string()), ""}};
  }
  return {{Grade::broken, "page",
           fmt::format("there is no index.html in {}", config.client_dir.string()),
           "set client_dir to the built page, or to nothing where another server serves it"}};
}

Findings look_at_database(const Config& config, asio::io_context& io, const ports::Clock& clock) {
  if (config.on_sqlite()) return diagnose(sqlite::look_at(config.database(), patience));
  postgres::ConnectOptions options{.url = config.database_url};
  options.preparing = postgres::Preparing::unnamed;
  const auto deadline = base::Deadline::after(clock.monotonic(), patience);
  return diagnose(run(io, postgres::look_at(std::move(options), &clock, deadline)));
}

Findings look_at_replica(const Config& config, const std::string& url, asio::io_context& io,
                         const ports::Clock& clock) {
  postgres::ConnectOptions primary{.url = config.database_url};
  primary.preparing = postgres::Preparing::unnamed;
  auto replica = primary;
  replica.url = url;
  const auto deadline = base::Deadline::after(clock.monotonic(), patience);
  return diagnose(
      run(io, postgres::look_at_replica(std::move(primary), std::move(replica), &clock, deadline)));
}

Findings look_at_broker(const Config& config) {
  if (config.broker_in_memory()) return {};
  const auto endpoint = rabbitmq::Endpoint::parse(config.broker_url).value();
  return diagnose(rabbitmq::inspect(endpoint, rabbitmq::Options()));
}

Findings look_at_redis(const Config& config, asio::io_context& io, const ports::Clock& clock) {
  if (config.redis_url.empty()) return {};
  redis::SessionOptions options;
  options.address = redis::parse_address(config.redis_url).value();
  const auto deadline = base::Deadline::after(clock.monotonic(), patience);
  return diagnose(run(io, redis::look_at(io.get_executor(), std::move(options), deadline)));
}

/// Asks it something, as a teacher would.
Findings look_at_model(ai_http::Options options, asio::io_context& io, const ports::Clock& clock) {
  crypto::SystemRandom random;
  observability::Log log({}, [] { return base::Time(); }, [](std::string_view) {});
  observability::Metrics metrics;
  ai_http::HttpStream http;
  const auto name = fmt::format("{} at {}", options.model, options.endpoint.host);
  ai_http::AiHttpClient client(std::move(options), {http, clock, random, log, metrics});
  const auto begun = clock.monotonic();
  try {
    const auto answer = run(io, client.answer(
                                    {.message = "Say hello."}, [](std::string_view) {},
                                    base::Deadline::after(begun, patience)));
    if (!answer) {
      return {{Grade::broken, "model", fmt::format("{}: {}", name, answer.error().detail),
               "see that the model's name and the key are right"}};
    }
  } catch (const base::Unavailable& fault) {
    return {{Grade::doubtful, "model", fmt::format("{}: {}", name, fault.what()),
             "teachers are helped by the next model or the rules, and told so; see that it runs"}};
  }
  const auto took = std::chrono::ceil<base::Milliseconds>(clock.monotonic() - begun);
  return {{Grade::good, "model", fmt::format("{} answered in {} ms", name, took.count()), ""}};
}

/// What cannot be asked is broken, in the words of whoever tried.
Findings carefully(const char* subject, const std::function<Findings()>& look) {
  try {
    return look();
  } catch (const std::exception& fault) {
    return {{Grade::broken, subject, fault.what(),
             "see that it runs, and that address, account and password of the setting are right"}};
  }
}

}  // namespace

int doctor(const Config& config) {
  asio::io_context io(1);
  const crypto::SystemClock clock;
  bool broken = false;
  const auto tell = [&broken](const char* subject, const std::function<Findings()>& look) {
    const auto findings = carefully(subject, look);
    broken = broken || any_broken(findings);
    std::fputs(to_text(findings).c_str(), stdout);
    std::fflush(stdout);
  };
  tell("settings", [&] { return diagnose(config); });
  tell("disk", [&] { return look_at_folder(config); });
  tell("page", [&] { return look_at_page(config); });
  tell(config.on_sqlite() ? "SQLite" : "PostgreSQL",
       [&] { return look_at_database(config, io, clock); });
  for (const auto& url : config.database_replica_urls) {
    tell("replica", [&] { return look_at_replica(config, url, io, clock); });
  }
  tell("RabbitMQ", [&] { return look_at_broker(config); });
  tell("Redis", [&] { return look_at_redis(config, io, clock); });
  for (const auto& options : ai_options(config.ai)) {
    tell("model", [&] { return look_at_model(options, io, clock); });
  }
  std::puts(broken ? "something is broken" : "nothing is broken");
  return broken ? 1 : 0;
}

}  // namespace rubricon::app
