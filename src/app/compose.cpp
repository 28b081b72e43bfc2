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

/// Questions of one process that wait for their place at a model.
constexpr std::size_t waiting_for_models_max = 200;

api::Signup signup_of(Signup signup) {
  switch (signup) {
    case Signup::first: return api::Signup::first;
    case Signup::invite: return api::Signup::invite;
    case Signup::open: return api::Signup::open;
  }
  throw ConfigError("unknown signup");
}

/// Per second, with a burst of twice as many.
ports::Rate rate_of(std::uint32_t per_second) {
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

gateway::Options gateway_options(const UseLimits& limits, const crypto::Secret& secret) {
  gateway::Options options;
  // Another use of the secret must not be able to make what the first one makes.
  options.recovery_secret = crypto::derive_secret(secret, "connection state recovery");
  options.limits.sockets_per_user = limits.user_sockets;
  options.limits.sockets_per_address = limits.address_sockets;
  options.limits.connects_per_second_and_address = limits.address_connects_per_second;
  options.limits.events_per_second = limits.socket_events_per_second;
  options.limits.events_burst = 2.0 * limits.socket_events_per_second;
  return options;
}

socketio_server::ServerOptions socket_options(const Config& config,
                                              const gateway::Options& gateway_options,
                                              socketio_server::AllowRequest allow) {
  auto options = gateway::server_options(gateway_options);
  options.engine.connections_per_address_max = config.limits.address_sockets;
  options.engine.allow_request = std::move(allow);
  options.engine.sid_prefix = config.gateway_id;
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
    : config_(config),
      executor_(executor),
      world_(executor, config, log, metrics_),
      health_door_([this] { return readiness(); }),
      admin_api_(OperatorSeal(world_.secret),
                 {world_.stores.events, world_.bus, world_.stores.users, world_.revocations,
                  world_.stores.dead_jobs, world_.jobs, world_.clock, log}),
      admin_door_(metrics_, &admin_api_),
      admin_server_(executor, admin_options(config), admin_door_, log, metrics_) {
  if (config.roles.worker) add_worker(config.ai);
  if (config.roles.worker || config.roles.api) {  // who commits events hands them on
    auto& bus = world_.redis() ? world_.redis()->relayed(world_.bus) : world_.bus;
    auto& feed =
        recent_feed_.emplace(executor, bus, world_.recent_messages, world_.clock, log, metrics_);
    relay_.emplace(executor, world_.stores.outbox, feed, world_.jobs, world_.clock, log, metrics_);
  }
  if (config.roles.api) add_api();
  if (config.roles.gateway) add_gateway();
  front_door_.emplace(doors(), load_page(config));
  public_server_.emplace(executor, http_options(config, world_.clock, world_.random), *front_door_,
                         log, metrics_);
}

Program::~Program() = default;

void Program::add_worker(const AiConfig& ai) {
  ladder_.emplace(
      world_.models, world_.rules, world_.answer_cache, world_.clock, world_.log, metrics_,
      worker::GateOptions{.bulkhead = {.places = ai.concurrency, .places_per_user = ai.per_user}});
  const worker::AnswerServices services{world_.stores.jobs,     *ladder_,     world_.ephemerals,
                                        world_.running_answers, world_.clock, world_.log};
  worker::WorkerOptions options;
  // Those who wait for a model hold up nobody: its bulkhead shares the places, and lets only a few
  // of one person wait.
  if (!world_.models.empty()) options.concurrency_max = ai.concurrency + waiting_for_models_max;
  worker_.emplace(executor_, services, world_.jobs, metrics_, options);
  metrics_.observed("rubricon_worker_running_jobs", "AI jobs being answered",
                    [this] { return static_cast<double>(worker_->running()); });
}

void Program::add_api() {
  const auto& stores = world_.stores;
  api_.emplace(api::Services{stores.users,
                             stores.sessions,
                             stores.chats,
                             stores.messages,
                             stores.events,
                             world_.recent_messages,
                             world_.uploads,
                             stores.rubrics,
                             stores.dead_jobs,
                             world_.jobs,
                             world_.hasher,
                             world_.issuer,
                             world_.verifier,
                             world_.revocations,
                             world_.refresh_tokens,
                             world_.rate_limiter,
                             world_.clock,
                             world_.random,
                             world_.log,
                             metrics_},
               api::Options{.signup = signup_of(config_.signup),
                            .allowed_origins = config_.public_origins,
                            .rate_limits = rate_limits(config_.limits),
                            .readiness = [this] { return readiness(); }});
  if (config_.roles.gateway) return;  // which hears of revocations anyway
  revocation_feed_.emplace(
      executor_, world_.bus,
      revocation::Services{stores.sessions, world_.revocations, world_.clock, world_.log});
}

void Program::add_gateway() {
  const auto options = gateway_options(config_.limits, world_.secret);
  sockets_.emplace(executor_,
                   socketio_server::Environment{
                       .now = [this] { return world_.clock.monotonic(); },
                       .random = [this](std::span<std::uint8_t> out) { world_.random.fill(out); }},
                   socket_options(config_, options, [this](const auto& handshake) {
                     return gateway_->why_not(handshake);
                   }));
  const auto& stores = world_.stores;
  gateway_.emplace(
      executor_, *sockets_,
      gateway::Services{world_.verifier, world_.revocations, stores.sessions, stores.chats,
                        stores.events, world_.bus, world_.ephemerals, world_.presence,
                        world_.connections, world_.running_answers, submitter(), world_.clock,
                        world_.random, world_.log, metrics_},
      options);
  if (auto* redis = world_.redis()) redis->serve(namespace_sockets_.emplace(sockets_->of("/")));
  if (config_.admin_ui == AdminUi::off) return;
  const gateway::AdminServices services{world_.verifier, world_.revocations, api_->passwords(),
                                        stores.sessions, world_.bus,         world_.clock,
                                        world_.random,   world_.log};
  admin_namespace_.emplace(executor_, *sockets_, services,
                           gateway::AdminOptions{.hostname = host_name(), .pid = ::getpid()});
}

ports::MessageSubmitter& Program::submitter() {
  if (api_) return api_->submitter();
  const auto api = rest_client::Target::parse(config_.api_url);
  if (!api) {
    throw ConfigError(
        fmt::format("api_url is \"{}\": a gateway alone needs the address of an api, such as "
                    "http://127.0.0.1:3000",
                    config_.api_url));
  }
  return http_submitter_.emplace(*api, world_.clock);
}

FrontDoor::Parts Program::doors() {
  net::HttpHandler& health = health_door_;
  return {.api = api_ ? static_cast<net::HttpHandler&>(*api_) : health,
          .sockets = sockets_ ? &sockets_->http() : nullptr};
}

void Program::start() {
  port_ = public_server_->listen(config_.listen.host, config_.listen.port);
  admin_port_ = admin_server_.listen(config_.admin_listen.host, config_.admin_listen.port);
  world_.start();
  if (relay_) relay_->start();
  if (worker_) worker_->start();
  if (revocation_feed_) revocation_feed_->start();
  if (gateway_) gateway_->start();
  if (admin_namespace_) admin_namespace_->start();
}

base::Task<void> Program::until_ready() {
  while (!stopping_ && waiting_for()) co_await base::pause(5ms);
}

base::Task<void> Program::stop_listening() {
  const auto now = base::Deadline::after(world_.clock.monotonic(), 0s);
  co_await public_server_->drain(now);
  co_await admin_server_.drain(now);
}

base::Task<void> Program::stop() {
  stopping_ = true;
  const auto deadline = base::Deadline::after(world_.clock.monotonic(), 30s);
  if (gateway_) co_await gateway_->drain();
  co_await public_server_->drain(deadline);
  if (worker_) co_await worker_->stop();
  if (relay_) co_await relay_->stop();
  if (recent_feed_) co_await recent_feed_->stop();
  if (revocation_feed_) co_await revocation_feed_->stop();
  if (gateway_) co_await gateway_->stop();
  if (admin_namespace_) co_await admin_namespace_->stop();
  co_await admin_server_.drain(base::Deadline::after(world_.clock.monotonic(), 0s));
  co_await world_.stop();
}

std::optional<std::string> Program::waiting_for() const {
  if (gateway_ && !gateway_->ready()) return "gateway";
  if (revocation_feed_ && !revocation_feed_->loaded()) return "revocations";
  return std::nullopt;
}

api::Readiness Program::readiness() const {
  using State = api::Readiness::State;
  if (stopping_) return {.state = State::draining};
  if (const auto part = waiting_for()) return {.state = State::starting, .waiting_for = {*part}};
  return {.state = State::ready};
}

}  // namespace rubricon::app
