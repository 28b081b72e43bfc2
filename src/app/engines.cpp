#include <rubricon/app/engines.hpp>

#include <rubricon/rabbitmq/endpoint.hpp>

#include <chrono>
#include <utility>

namespace rubricon::app {
namespace {

/// For a database that is started together with us.
constexpr auto open_timeout = std::chrono::seconds(30);

postgres::Options postgres_options(const Config& config) {
  postgres::Options options;
  options.connect.url = config.database_url;
  options.connect.preparing =
      config.database_prepare ? postgres::Preparing::named : postgres::Preparing::unnamed;
  options.replica_urls = config.database_replica_urls;
  options.maintains = config.roles.api;
  return options;
}

}  // namespace

Engines::Engines(const boost::asio::any_io_executor& executor, const Config& config,
                 const Tools& tools)
    : tools_(tools),
      ephemerals_here_(executor),
      presence_here_(tools.clock),
      running_answers_here_(tools.clock),
      rate_limiter_here_(tools.clock),
      connections_here_(tools.clock),
      answer_cache_here_(tools.clock),
      recent_messages_here_(tools.clock),
      uploads_here_(tools.clock) {
  if (config.on_sqlite()) {
    sqlite_.emplace(sqlite::Options{.path = config.database()}, tools.clock, tools.random);
  } else {
    postgres_.emplace(executor, postgres_options(config), tools.clock, tools.random, tools.log);
  }
  if (config.broker_in_memory()) {
    broker_here_.emplace(executor);
  } else {
    const auto endpoint = rabbitmq::Endpoint::parse(config.broker_url).value();
    rabbitmq_.emplace(executor, endpoint, rabbitmq::Options(), tools.log, tools.metrics);
  }
  if (!config.redis_url.empty()) {
    const redis::Tools redis_tools{tools.clock, tools.random, tools.log};
    redis_.emplace(executor, config, redis_tools, tools.metrics,
                   RedisEngine::Local{ephemerals_here_, rate_limiter_here_, connections_here_});
  }
  add_metrics();
}

base::Task<void> Engines::open() {
  if (!postgres_) co_return;
  co_await postgres_->start(base::Deadline::after(tools_.clock.monotonic(), open_timeout));
}

void Engines::start() {
  if (redis_) redis_->start();
}

base::Task<void> Engines::stop() {
  if (redis_) co_await redis_->stop();
  if (postgres_) co_await postgres_->stop();
}

ports::EventBus& Engines::bus() {
  if (rabbitmq_) return *rabbitmq_;
  return *broker_here_;
}

ports::JobQueue& Engines::jobs() {
  if (rabbitmq_) return *rabbitmq_;
  return *broker_here_;
}

ports::EphemeralBus& Engines::ephemerals() {
  if (redis_) return redis_->ephemerals();
  return ephemerals_here_;
}

ports::Presence& Engines::presence() {
  if (redis_) return redis_->presence();
  return presence_here_;
}

ports::RunningAnswers& Engines::running_answers() {
  if (redis_) return redis_->running_answers();
  return running_answers_here_;
}

ports::RateLimiter& Engines::rate_limiter() {
  if (redis_) return redis_->rate_limiter();
  return rate_limiter_here_;
}

ports::AnswerCache& Engines::answer_cache() {
  if (redis_) return redis_->answer_cache();
  return answer_cache_here_;
}

ports::RecentMessages& Engines::recent_messages() {
  if (redis_) return redis_->recent_messages();
  return recent_messages_here_;
}

ports::UploadProgress& Engines::uploads() {
  if (redis_) return redis_->uploads();
  return uploads_here_;
}

void Engines::add_metrics() {
  const auto observed = [this](const char* name, const char* help, auto value) {
    tools_.metrics.observed(name, help, [value] { return static_cast<double>(value()); });
  };
  if (sqlite_) {
    observed("rubricon_sqlite_write_queue_rows", "Writes waiting for the writer thread",
             [this] { return sqlite_->statistics().write_queue; });
    observed("rubricon_sqlite_read_queue_rows", "Reads waiting for a reader thread",
             [this] { return sqlite_->statistics().read_queue; });
    observed("rubricon_sqlite_writes", "Writes that were committed since the start",
             [this] { return sqlite_->statistics().writes; });
    observed("rubricon_sqlite_commits", "Commits that carried them: one sync to disk each",
             [this] { return sqlite_->statistics().batches; });
    observed("rubricon_sqlite_read_statements", "SQL statements that readers ran since the start",
             [this] { return sqlite_->statistics().read_statements; });
  }
  if (postgres_) {
    observed("rubricon_postgres_post_queue_rows", "Posts under way",
             [this] { return postgres_->statistics().post_queue; });
    observed("rubricon_postgres_posts", "Posts that were answered since the start",
             [this] { return postgres_->statistics().posts; });
    observed("rubricon_postgres_post_commits", "Commits that carried them",
             [this] { return postgres_->statistics().batches; });
    observed("rubricon_postgres_read_queue_rows", "Reads in line for a connection",
             [this] { return postgres_->statistics().read_queue; });
    observed("rubricon_postgres_write_queue_rows", "Other writes in line for a connection",
             [this] { return postgres_->statistics().write_queue; });
  }
  const auto replicas = postgres_ ? postgres_->statistics().replicas.size() : 0;
  for (std::size_t i = 0; i < replicas; ++i) add_replica_metrics(i);
}

/// Replicas are numbered from 1 in the order of their setting.
void Engines::add_replica_metrics(std::size_t index) {
  const auto observed = [&](const char* name, const char* help, auto value,
                            observability::Labels more = {}) {
    observability::Labels labels{{"replica", std::to_string(index + 1)}};
    labels.insert(labels.end(), more.begin(), more.end());
    tools_.metrics.observed(
        name, help,
        [this, index, value] {
          return static_cast<double>(value(postgres_->statistics().replicas.at(index)));
        },
        labels);
  };
  using Seen = const postgres::ReplicaStatistics&;
  observed("rubricon_postgres_replica_usable", "1 where the replica may be asked",
           [](Seen seen) { return seen.usable; });
  observed("rubricon_postgres_replica_lag_seconds", "How far the replica was behind when looked at",
           [](Seen seen) { return std::chrono::duration<double>(seen.lag).count(); });
  constexpr const char* reads = "rubricon_postgres_replica_reads";
  constexpr const char* help = "Reads that a replica answered, answered too old, or did not answer";
  observed(reads, help, [](Seen seen) { return seen.answered; }, {{"outcome", "answered"}});
  observed(reads, help, [](Seen seen) { return seen.stale; }, {{"outcome", "stale"}});
  observed(reads, help, [](Seen seen) { return seen.failed; }, {{"outcome", "failed"}});
}

}  // namespace rubricon::app
