/// Redis, where there is one: what may be lost, for every process of the installation.
#pragma once

#include <rubricon/app/config.hpp>
#include <rubricon/ports/local_sockets.hpp>
#include <rubricon/redis/adapter_bus.hpp>
#include <rubricon/redis/adapter_node.hpp>
#include <rubricon/redis/answer_entries.hpp>
#include <rubricon/redis/connection.hpp>
#include <rubricon/redis/connection_leases.hpp>
#include <rubricon/redis/event_bridge.hpp>
#include <rubricon/redis/presence_sets.hpp>
#include <rubricon/redis/rate_buckets.hpp>
#include <rubricon/redis/recent_message_lists.hpp>
#include <rubricon/redis/running_answer_hashes.hpp>
#include <rubricon/redis/subscriber.hpp>
#include <rubricon/redis/upload_progress_keys.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <optional>

namespace rubricon::app {

/// One shard. Everything given outlives it.
class RedisEngine {
 public:
  /// What goes on alone where Redis is away.
  struct Local {
    ports::EphemeralBus& ephemerals;
    ports::RateLimiter& rate_limiter;
    ports::ConnectionLimiter& connections;
  };

  RedisEngine(boost::asio::any_io_executor executor, const Config& config,
              const redis::Tools& tools, observability::Metrics& metrics, const Local& local);

  /// Before `start()`, in a process that has sockets: hears what other processes send them.
  void serve(ports::LocalSockets& sockets);
  void start();
  base::Task<void> stop();

  /// What a relay publishes to: `bus`, and Node servers where the configuration says so. Once.
  ports::EventBus& relayed(ports::EventBus& bus);
  ports::EphemeralBus& ephemerals() { return bus_; }
  ports::Presence& presence() { return presence_; }
  ports::RunningAnswers& running_answers() { return running_answers_; }
  ports::RateLimiter& rate_limiter() { return rate_limiter_; }
  ports::ConnectionLimiter& connections() { return connections_; }
  ports::AnswerCache& answer_cache() { return answer_cache_; }
  ports::RecentMessages& recent_messages() { return recent_messages_; }
  ports::UploadProgress& uploads() { return uploads_; }

 private:
  const Config& config_;
  redis::Tools tools_;
  observability::Metrics& metrics_;
  Local local_;
  const std::string uid_;
  const redis::AdapterChannels channels_;
  redis::Connection connection_;
  redis::Subscriber subscriber_;
  redis::AdapterBus bus_;
  redis::PresenceSets presence_;
  redis::RunningAnswerHashes running_answers_;
  redis::RateBuckets rate_limiter_;
  redis::ConnectionLeases connections_;
  redis::AnswerEntries answer_cache_;
  redis::RecentMessageLists recent_messages_;
  redis::UploadProgressKeys uploads_;
  std::optional<redis::AdapterNode> node_;
  std::optional<redis::EventBridge> bridge_;
};

}  // namespace rubricon::app
