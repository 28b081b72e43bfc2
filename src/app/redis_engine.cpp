#include <rubricon/app/redis_engine.hpp>

namespace rubricon::app {
namespace {

redis::LineOptions line_options(const Config& config) {
  redis::LineOptions options;
  options.session.address = redis::parse_address(config.redis_url).value();
  return options;
}

}  // namespace

RedisEngine::RedisEngine(boost::asio::any_io_executor executor, const Config& config,
                         const redis::Tools& tools, observability::Metrics& metrics,
                         const Local& local)
    : config_(config),
      tools_(tools),
      metrics_(metrics),
      local_(local),
      uid_(redis::make_adapter_uid(tools.random)),
      connection_(executor, {.line = line_options(config)}, tools, metrics),
      subscriber_(executor, line_options(config), tools, metrics),
      bus_(connection_, local.ephemerals, uid_, channels_, metrics),
      presence_(connection_),
      running_answers_(connection_),
      rate_limiter_(connection_, local.rate_limiter, metrics),
      connections_(connection_, local.connections, metrics),
      answer_cache_(connection_),
      recent_messages_(connection_),
      uploads_(connection_) {}

void RedisEngine::serve(ports::LocalSockets& sockets) {
  redis::AdapterNodeOptions options;
  options.channels = channels_;
  options.uid = uid_;
  options.more_names = config_.redis_events;
  options.trust = config_.redis_trust == RedisTrust::full ? redis::AdapterTrust::full
                                                          : redis::AdapterTrust::ephemeral;
  node_.emplace(subscriber_, connection_, local_.ephemerals, sockets, std::move(options),
                tools_.log, metrics_);
}

ports::EventBus& RedisEngine::relayed(ports::EventBus& bus) {
  if (!config_.redis_bridge) return bus;
  return bridge_.emplace(bus, connection_, channels_, metrics_);
}

void RedisEngine::start() {
  connection_.start();
  if (node_) subscriber_.start();
}

base::Task<void> RedisEngine::stop() {
  if (node_) co_await subscriber_.stop();
  co_await connection_.stop();
}

}  // namespace rubricon::app
