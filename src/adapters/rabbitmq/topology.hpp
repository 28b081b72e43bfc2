/// The exchanges and queues that the system needs in the broker, and who makes them.
///
/// | name                    | what                 | made by      |
/// |-------------------------|----------------------|--------------|
/// | `<prefix>.events`       | topic exchange       | everybody    |
/// | `<prefix>.jobs`         | quorum queue         | everybody    |
/// | `<prefix>.jobs.dead`    | exchange and queue   | everybody    |
/// | `<prefix>.gateway.<id>` | exclusive queue      | each gateway |
///
/// Making what exists is harmless; what exists in another shape is never changed, see `declare`.
#pragma once

#include <rubricon/rabbitmq/connection.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace rubricon::rabbitmq {

struct Names {
  explicit Names(const std::string& prefix)
      : events(prefix + ".events"),
        jobs(prefix + ".jobs"),
        dead(prefix + ".jobs.dead"),
        gateway(prefix + ".gateway.") {}

  std::string events;
  std::string jobs;
  std::string dead;     ///< of an exchange and of its one queue
  std::string gateway;  ///< followed by something that differs in each
};

/// Makes what all share. Throws Refused; with the code AMQP_PRECONDITION_FAILED the sentence says
/// what exists in another shape and how to get out of that.
void declare(Connection& connection, Channel channel, const Options& options);

/// Makes a queue of this connection's own that hears every event, and listens to it. It goes with
/// the channel.
void listen_to_events(Connection& connection, Channel channel, const Options& options,
                      const std::string& id);
/// Listens to the jobs that all workers share.
void listen_to_jobs(Connection& connection, Channel channel, const Options& options);

/// How many listen to a queue. Throws Refused where there is none; the channel is closed then.
std::uint32_t listeners_of(Connection& connection, Channel channel, const std::string& queue);

enum class TopologyState { present, missing, different };

struct TopologyItem {
  std::string kind;  ///< "exchange" or "queue"
  std::string name;
  TopologyState state = TopologyState::present;
  std::uint32_t messages = 0;   ///< waiting, of queues
  std::uint32_t consumers = 0;  ///< of queues
  std::string problem;          ///< a sentence where `state` is not `present`
};

/// For `rubricon doctor`: looks without changing anything. Blocks the calling thread, at most a few
/// times `call_timeout`. Throws base::Unavailable where the broker cannot be asked at all.
std::vector<TopologyItem> inspect(const Endpoint& endpoint, const Options& options);

}  // namespace rubricon::rabbitmq
