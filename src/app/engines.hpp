/// The engines that the configuration names, one of each kind, behind their ports. With
/// redis_engine.hpp the only place that names adapters of engines: another one is another line
/// here.
#pragma once

#include <rubricon/app/config.hpp>
#include <rubricon/app/redis_engine.hpp>
#include <rubricon/app/stores.hpp>
#include <rubricon/memory/answer_map.hpp>
#include <rubricon/memory/broker.hpp>
#include <rubricon/memory/connection_leases.hpp>
#include <rubricon/memory/ephemerals.hpp>
#include <rubricon/memory/presence_map.hpp>
#include <rubricon/memory/rate_buckets.hpp>
#include <rubricon/memory/recent_message_map.hpp>
#include <rubricon/memory/running_answer_map.hpp>
#include <rubricon/memory/upload_progress_map.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/observability/metrics.hpp>
#include <rubricon/postgres/database.hpp>
#include <rubricon/rabbitmq/broker.hpp>
#include <rubricon/sqlite/database.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <optional>

namespace rubricon::app {

/// One shard. Everything given outlives it.
class Engines {
 public:
  struct Tools {
    const ports::Clock& clock;
    ports::Random& random;
    observability::Log& log;
    observability::Metrics& metrics;
  };

  /// Opens what is on this machine. Throws what the adapters throw, with sentences for people.
  Engines(const boost::asio::any_io_executor& executor, const Config& config, const Tools& tools);

  /// Reaches what is elsewhere, where it does not do so by itself. Throws what the adapters throw.
  base::Task<void> open();
  void start();
  base::Task<void> stop();

  Stores stores() { return sqlite_ ? stores_of(*sqlite_) : stores_of(*postgres_); }
  ports::Imports& imports() { return sqlite_ ? sqlite_->imports() : postgres_->imports(); }
  ports::EventBus& bus();
  ports::JobQueue& jobs();
  ports::EphemeralBus& ephemerals();
  ports::Presence& presence();
  ports::RunningAnswers& running_answers();
  ports::RateLimiter& rate_limiter();
  /// Null where no other process is counted.
  ports::ConnectionLimiter* shared_connections() {
    return redis_ ? &redis_->connections() : nullptr;
  }
  ports::AnswerCache& answer_cache();
  ports::RecentMessages& recent_messages();
  ports::UploadProgress& uploads();
  /// Null where there is none.
  RedisEngine* redis() { return redis_ ? &*redis_ : nullptr; }

 private:
  void add_metrics();
  void add_replica_metrics(std::size_t index);

  Tools tools_;
  std::optional<sqlite::Database> sqlite_;
  std::optional<postgres::Database> postgres_;
  std::optional<memory::Broker> broker_here_;
  std::optional<rabbitmq::Broker> rabbitmq_;
  memory::Ephemerals ephemerals_here_;
  memory::PresenceMap presence_here_;
  memory::RunningAnswerMap running_answers_here_;
  memory::RateBuckets rate_limiter_here_;
  memory::ConnectionLeases connections_here_;
  memory::AnswerMap answer_cache_here_;
  memory::RecentMessageMap recent_messages_here_;
  memory::UploadProgressMap uploads_here_;
  std::optional<RedisEngine> redis_;
};

}  // namespace rubricon::app
