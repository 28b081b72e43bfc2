/// The server processes of a run: the real api with its relay, the real gateway, the real worker,
/// each as `app` would compose it in a process of its own.
#pragma once

#include <rubricon/api/api.hpp>
#include <rubricon/gateway/gateway.hpp>
#include <rubricon/memory/answer_map.hpp>
#include <rubricon/memory/connection_leases.hpp>
#include <rubricon/memory/ephemerals.hpp>
#include <rubricon/memory/presence_map.hpp>
#include <rubricon/memory/rate_buckets.hpp>
#include <rubricon/memory/recent_message_map.hpp>
#include <rubricon/memory/revocation_list.hpp>
#include <rubricon/memory/running_answer_map.hpp>
#include <rubricon/memory/upload_progress_map.hpp>
#include <rubricon/outbox/recent_feed.hpp>
#include <rubricon/outbox/relay.hpp>
#include <rubricon/revocation/revocation_feed.hpp>
#include <rubricon/sim/broker.hpp>
#include <rubricon/sim/bug_ports.hpp>
#include <rubricon/sim/identities.hpp>
#include <rubricon/sim/process.hpp>
#include <rubricon/sim/scripted_ai.hpp>
#include <rubricon/socketio_server/server.hpp>
#include <rubricon/worker/worker.hpp>

#include <optional>

namespace rubricon::sim {

/// What stands beside the store: broker and Redis, and the assistant.
struct Infrastructure {
  Broker& broker;
  memory::Ephemerals& ephemerals;
  memory::PresenceMap& presence;
  memory::ConnectionLeases& connections;
  memory::RunningAnswerMap& running_answers;
  ScriptedAi& ai;
};

/// A process of one role, beside the infrastructure that all roles share.
class ServerProcess : public Process {
 public:
  ServerProcess(Surroundings surroundings, Infrastructure infrastructure, std::string name)
      : Process(surroundings, std::move(name)), infrastructure_(infrastructure) {}

 protected:
  Infrastructure infrastructure_;
};

class ApiProcess final : public ServerProcess {
  using ServerProcess::ServerProcess;

  void build(memory::DatabaseClient& database) override;
  base::Task<void> end() override;
  void destroy() override { parts_.reset(); }
  net::HttpHandler* door() override { return parts_ ? &parts_->api : nullptr; }

  struct Parts {
    Parts(boost::asio::any_io_executor executor, Surroundings& world, Infrastructure& shared,
          memory::DatabaseClient& database, observability::Log& log,
          observability::Metrics& metrics);
    api::Readiness readiness() const;

    memory::RevocationList revocations;
    revocation::RevocationFeed revocation_feed;
    PlainTokens tokens;
    PlainRefreshTokens refresh_tokens;
    PlainHasher hasher;
    BugOutbox outbox;
    BugMessages messages;
    memory::RateBuckets rate_buckets;
    memory::RecentMessageMap recent_messages;
    memory::UploadProgressMap uploads;
    outbox::RecentFeed recent_feed;
    api::Api api;
    outbox::Relay relay;
  };
  std::optional<Parts> parts_;
};

class GatewayProcess final : public ServerProcess {
  using ServerProcess::ServerProcess;

  void build(memory::DatabaseClient& database) override;
  base::Task<void> end() override { return parts_->gateway.stop(); }
  void destroy() override { parts_.reset(); }
  net::HttpHandler* door() override { return parts_ ? &parts_->server.http() : nullptr; }

  struct Parts {
    Parts(boost::asio::any_io_executor executor, Surroundings& world, Infrastructure& shared,
          memory::DatabaseClient& database, observability::Log& log,
          observability::Metrics& metrics);
    memory::RevocationList revocations;
    PlainTokens tokens;
    memory::RateBuckets rate_buckets;
    api::RateLimits limits;
    api::LocalSubmitter submitter;
    socketio_server::Server server;
    gateway::Gateway gateway;
  };
  std::optional<Parts> parts_;
};

class WorkerProcess final : public ServerProcess {
  using ServerProcess::ServerProcess;

  void build(memory::DatabaseClient& database) override;
  base::Task<void> end() override { return parts_->worker.stop(); }
  void destroy() override { parts_.reset(); }

  struct Parts {
    Parts(boost::asio::any_io_executor executor, Surroundings& world, Infrastructure& shared,
          memory::DatabaseClient& database, observability::Log& log,
          observability::Metrics& metrics);
    memory::AnswerMap answers;
    worker::Ladder ai;
    worker::Worker worker;
  };
  std::optional<Parts> parts_;
};

}  // namespace rubricon::sim
