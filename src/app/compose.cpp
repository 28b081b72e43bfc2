#include <rubricon/app/compose.hpp>

#include <rubricon/base/pause.hpp>
#include <rubricon/net/security_headers.hpp>

#include <fmt/format.h>

#include <unistd.h>
#include <algorithm>
#include <array>
#include <chrono>

namespace rubricon::app {
namespace {

using namespace std::chrono_literals;

/// Made before anything opens a file in it.
const Config& with_data_dir(const Config& config) {
  std::error_code error;
  std::filesystem::create_directories(config.data_dir, error);
  if (error) {
    throw ConfigError(fmt::format("the data folder {} cannot be made: {}", config.data_dir.string(),
                                  error.message()));
  }
  return config;
}

api::Signup signup_of(Signup signup) {
  switch (signup) {
    case Signup::first: return api::Signup::first;
    case Signup::invite: return api::Signup::invite;
    case Signup::open: return api::Signup::open;
  }
  throw ConfigError("unknown signup");
}

/// Per second, with a burst of twice as many.
api::Allowance rate_of(std::uint32_t per_second) {
  return {2.0 * per_second, 1.0 * per_second};
}

api::RateLimitOptions rate_limits(const UseLimits& limits) {
  api::RateLimitOptions options;
  options.messages_per_user = rate_of(limits.user_messages_per_second);
  options.requests_per_user = rate_of(limits.user_requests_per_second);
  options.requests_per_network = rate_of(limits.address_requests_per_second);
  options.failures_per_pair.burst = limits.login_failures;
  options.failures_per_account.burst = 10.0 * limits.login_failures;
  return options;
}

gateway::Options gateway_options(const UseLimits& limits, crypto::KeyStore& keys) {
  gateway::Options options;
  // Another use of the secret must not be able to make what the first one makes.
  options.recovery_secret =
      crypto::derive_secret(keys.refresh_secret(), "connection state recovery");
  options.limits.sockets_per_user = limits.user_sockets;
  options.limits.sockets_per_address = limits.address_sockets;
  options.limits.connects_per_second_and_address = limits.address_connects_per_second;
  options.limits.events_per_second = limits.socket_events_per_second;
  options.limits.events_burst = 2.0 * limits.socket_events_per_second;
  return options;
}

socketio_server::ServerOptions socket_options(const Config& config, crypto::KeyStore& keys,
                                              socketio_server::AllowRequest allow) {
  auto options = gateway::server_options(gateway_options(config.limits, keys));
  options.engine.connections_per_address_max = config.limits.address_sockets;
  options.engine.allow_request = std::move(allow);
  options.engine.origins = {.kind = socketio_server::OriginPolicy::Kind::list,
                            .allowed = config.public_origins};
  return options;
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::optional<net::StaticFiles> load_page(const Config& config) {
  if (config.client_dir.empty()) return std::nullopt;
  auto page = net::StaticFiles::load(config.client_dir);
  if (!page) {
    throw ConfigError(fmt::format("there is no built page in {}: {}. `./dev build` makes it.",
                                  config.client_dir.string(), page.error().detail));
  }
  return std::move(*page);
}

/// Browsers ignore what is said of https over http, so one public https origin is enough.
net::HttpHeaders answer_headers(const Config& config) {
  const bool https = std::ranges::any_of(
      config.public_origins, [](const auto& origin) { return origin.starts_with("https://"); });
  return net::security_headers(https ? net::PublicScheme::https : net::PublicScheme::http);
}

net::HttpServerOptions admin_options(const Config& config) {
  net::HttpServerOptions options;
  options.every_answer = answer_headers(config);
  return options;
}

net::HttpServerOptions http_options(const Config& config, const ports::Clock& clock,
                                    ports::Random& random) {
  net::HttpServerOptions options;
  // A whole school sits behind one address; the gateway has limits of its own for sockets.
  options.limits.connections_per_address = config.limits.address_sockets + 200;  // to say no to
  options.every_answer = answer_headers(config);
  options.trusted_proxies = config.trusted_proxies;
  options.now = [&clock] { return clock.now(); };
  options.random = [&random](std::span<std::uint8_t> bytes) { random.fill(bytes); };
  return options;
}

}  // namespace

Program::Program(boost::asio::any_io_executor executor, const Config& config,
                 observability::Log& log)
    : config_(with_data_dir(config)),
      database_({.path = config.database()}, clock_, random_),
      broker_(executor),
      ephemerals_(executor),
      presence_(clock_),
      running_answers_(clock_),
      revocations_(clock_),
      keys_(config.data_dir / "keys", clock_),
      authority_(keys_.load(), {}, clock_, random_, revocations_),
      key_watch_(executor, keys_, authority_, log),
      refresh_tokens_(keys_.refresh_secret()),
      hasher_({}, clock_, metrics_),
      assistant_(clock_),
      worker_(executor, {database_.jobs(), assistant_, ephemerals_, running_answers_, clock_, log},
              broker_, metrics_),
      relay_(executor, database_.outbox(), broker_, broker_, clock_, log, metrics_),
      api_({database_.users(), database_.sessions(), database_.chats(), database_.messages(),
            database_.events(), database_.rubrics(), hasher_, authority_, authority_, revocations_,
            refresh_tokens_, clock_, random_, log, metrics_},
           {.signup = signup_of(config.signup),
            .allowed_origins = config.public_origins,
            .rate_limits = rate_limits(config.limits),
            .readiness = [this] { return readiness(); }}),
      sockets_(
          executor,
          {.now = [this] { return clock_.monotonic(); },
           .random = [this](std::span<std::uint8_t> out) { random_.fill(out); }},
          socket_options(config, keys_,
                         [this](const auto& handshake) { return gateway_.why_not(handshake); })),
      gateway_(executor, sockets_,
               {authority_, revocations_, database_.sessions(), database_.chats(),
                database_.events(), broker_, ephemerals_, presence_, running_answers_,
                api_.submitter(), clock_, random_, log, metrics_},
               gateway_options(config.limits, keys_)),
      front_door_(api_, sockets_.http(), load_page(config)),
      admin_api_(OperatorSeal(keys_.refresh_secret()),
                 {database_.events(), broker_, database_.users(), revocations_, clock_, log}),
      admin_door_(metrics_, &admin_api_),
      public_server_(executor, http_options(config, clock_, random_), front_door_, log, metrics_),
      admin_server_(executor, admin_options(config), admin_door_, log, metrics_) {
  if (config.admin_ui == AdminUi::on) {
    const gateway::AdminServices services{
        authority_, revocations_, api_.passwords(), database_.sessions(),
        broker_,    clock_,       random_,          log};
    admin_namespace_.emplace(executor, sockets_, services,
                             gateway::AdminOptions{.hostname = host_name(), .pid = ::getpid()});
  }
  add_metrics();
}

Program::~Program() = default;

void Program::start() {
  port_ = public_server_.listen(config_.listen.host, config_.listen.port);
  admin_port_ = admin_server_.listen(config_.admin_listen.host, config_.admin_listen.port);
  relay_.start();
  worker_.start();
  gateway_.start();
  key_watch_.start();
  if (admin_namespace_) admin_namespace_->start();
}

base::Task<void> Program::until_ready() {
  while (!stopping_ && !gateway_.ready()) co_await base::pause(5ms);
}

base::Task<void> Program::stop_listening() {
  const auto now = base::Deadline::after(clock_.monotonic(), 0s);
  co_await public_server_.drain(now);
  co_await admin_server_.drain(now);
}

base::Task<void> Program::stop() {
  stopping_ = true;
  const auto deadline = base::Deadline::after(clock_.monotonic(), 30s);
  co_await gateway_.drain();
  co_await public_server_.drain(deadline);
  co_await worker_.stop();
  co_await relay_.stop();
  co_await gateway_.stop();
  co_await key_watch_.stop();
  if (admin_namespace_) co_await admin_namespace_->stop();
  co_await admin_server_.drain(base::Deadline::after(clock_.monotonic(), 0s));
}

api::Readiness Program::readiness() const {
  using State = api::Readiness::State;
  if (stopping_) return {.state = State::draining};
  if (!gateway_.ready()) return {.state = State::starting, .waiting_for = {"gateway"}};
  return {.state = State::ready};
}

void Program::add_metrics() {
  metrics_.observed("rubricon_sqlite_write_queue_rows", "Writes waiting for the writer thread",
                    [this] { return static_cast<double>(database_.statistics().write_queue); });
  metrics_.observed("rubricon_sqlite_read_queue_rows", "Reads waiting for a reader thread",
                    [this] { return static_cast<double>(database_.statistics().read_queue); });
  metrics_.observed("rubricon_sqlite_read_statements",
                    "SQL statements that readers ran since the start",
                    [this] { return static_cast<double>(database_.statistics().read_statements); });
  metrics_.observed("rubricon_worker_running_jobs", "AI jobs being answered",
                    [this] { return static_cast<double>(worker_.running()); });
}

}  // namespace rubricon::app
