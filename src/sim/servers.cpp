#include <rubricon/sim/servers.hpp>

namespace rubricon::sim {
namespace {

/// Many devices of one simulated school ask from one address, faster than people do.
api::RateLimitOptions generous() {
  api::RateLimitOptions options;
  options.messages_per_user = {10'000, 1'000};
  options.requests_per_user = {100'000, 10'000};
  return options;
}

/// Leases a sixth as long as the real ones, so that one run of a few seconds sees many end.
worker::WorkerOptions short_leases() {
  worker::WorkerOptions options;
  options.answer.lease = base::Milliseconds(5'000);
  options.answer.heartbeat = base::Milliseconds(1'700);
  options.sweep = base::Milliseconds(1'000);
  options.stop_patience = base::Milliseconds(0);  // it is never asked to end, only killed
  return options;
}

socketio_server::Environment environment(Surroundings& world) {
  return {.now = [&loop = world.loop] { return loop.monotonic(); },
          .random = [&random = world.random](std::span<std::uint8_t> out) { random.fill(out); }};
}

socketio_server::ServerOptions socket_options() {
  auto options = gateway::server_options({});
  options.engine.origins = {.kind = socketio_server::OriginPolicy::Kind::any};
  return options;
}

}  // namespace

ApiProcess::Parts::Parts(boost::asio::any_io_executor executor, Surroundings& world,
                         Infrastructure& shared, memory::DatabaseClient& database,
                         observability::Log& log, observability::Metrics& metrics)
    : revocations(world.loop),
      revocation_feed(executor, shared.broker, {database.sessions(), revocations, world.loop, log}),
      tokens(revocations, world.loop),
      outbox(database.outbox()),
      messages(database.messages(), database.chats(), shared.broker, world.loop),
      rate_buckets(world.loop),
      recent_messages(world.loop),
      uploads(world.loop),
      recent_feed(executor, shared.broker, recent_messages, world.loop, log, metrics),
      api({database.users(),
           database.sessions(),
           database.chats(),
           messages,
           database.events(),
           recent_messages,
           uploads,
           database.rubrics(),
           database.dead_jobs(),
           shared.broker,
           hasher,
           tokens,
           tokens,
           revocations,
           refresh_tokens,
           rate_buckets,
           world.loop,
           world.random,
           log,
           metrics},
          {.rate_limits = generous(), .readiness = [this] { return readiness(); }}),
      relay(executor, outbox, recent_feed, shared.broker, world.loop, log, metrics) {}

void ApiProcess::build(memory::DatabaseClient& database) {
  parts_.emplace(executor(), world, infrastructure_, database, log, metrics);
  parts_->relay.start();
  parts_->revocation_feed.start();
}

base::Task<void> ApiProcess::end() {
  co_await parts_->revocation_feed.stop();
  co_await parts_->relay.stop();
  co_await parts_->recent_feed.stop();
}

api::Readiness ApiProcess::Parts::readiness() const {
  using State = api::Readiness::State;
  return {.state = revocation_feed.loaded() ? State::ready : State::starting};
}

GatewayProcess::Parts::Parts(boost::asio::any_io_executor executor, Surroundings& world,
                             Infrastructure& shared, memory::DatabaseClient& database,
                             observability::Log& log, observability::Metrics& metrics)
    : revocations(world.loop),
      tokens(revocations, world.loop),
      rate_buckets(world.loop),
      limits(generous(), rate_buckets, world.loop),
      submitter(database.messages(), limits),
      server(executor, environment(world), socket_options()),
      gateway(executor, server,
              {tokens, revocations, database.sessions(), database.chats(), database.events(),
               shared.broker, shared.ephemerals, shared.presence, &shared.connections,
               shared.running_answers, submitter, world.loop, world.random, log, metrics}) {}

void GatewayProcess::build(memory::DatabaseClient& database) {
  parts_.emplace(executor(), world, infrastructure_, database, log, metrics);
  parts_->gateway.start();
}

WorkerProcess::Parts::Parts(boost::asio::any_io_executor executor, Surroundings& world,
                            Infrastructure& shared, memory::DatabaseClient& database,
                            observability::Log& log, observability::Metrics& metrics)
    : answers(world.loop),
      ai({}, shared.ai, answers, world.loop, log, metrics),
      worker(executor,
             worker::AnswerServices{database.jobs(), ai, shared.ephemerals, shared.running_answers,
                                    world.loop, log},
             shared.broker, metrics, short_leases()) {}

void WorkerProcess::build(memory::DatabaseClient& database) {
  parts_.emplace(executor(), world, infrastructure_, database, log, metrics);
  parts_->worker.start();
}

}  // namespace rubricon::sim
