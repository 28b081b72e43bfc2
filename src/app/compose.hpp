/// Builds the program by constructors: the world, then the parts of the roles that this process
/// plays, from the last step of a message's way to the first, then the entrances.
#pragma once

#include <rubricon/api/api.hpp>
#include <rubricon/app/admin_api.hpp>
#include <rubricon/app/config.hpp>
#include <rubricon/app/front_door.hpp>
#include <rubricon/app/http_submitter.hpp>
#include <rubricon/app/world.hpp>
#include <rubricon/gateway/admin_namespace.hpp>
#include <rubricon/gateway/gateway.hpp>
#include <rubricon/gateway/namespace_sockets.hpp>
#include <rubricon/net/http_server.hpp>
#include <rubricon/outbox/recent_feed.hpp>
#include <rubricon/outbox/relay.hpp>
#include <rubricon/revocation/revocation_feed.hpp>
#include <rubricon/worker/worker.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <optional>
#include <string>

namespace rubricon::app {

/// The roles of one process, on one shard. Members are destroyed in reverse order, so each outlives
/// what uses it.
class Program {
 public:
  /// Opens what is on this machine. Throws ConfigError and what the adapters throw, with sentences
  /// for people.
  Program(boost::asio::any_io_executor executor, const Config& config, observability::Log& log);
  /// Only after `stop()` has completed, or when `start()` was never called.
  ~Program();

  /// Reaches the engines. Throws what the adapters throw.
  base::Task<void> open() { return world_.open(); }
  /// Listens and begins to work. After `open()`. Throws base::Unavailable where an address cannot
  /// be bound; then `stop_listening()` comes before the end.
  void start();
  base::Task<void> stop_listening();
  /// Completes when it takes work, as /readyz says; or when it is stopped before.
  base::Task<void> until_ready();
  /// Tells clients to come back, finishes what is under way within 30 s, and ends every loop.
  base::Task<void> stop();

  std::uint16_t port() const { return port_; }
  std::uint16_t admin_port() const { return admin_port_; }

 private:
  void add_worker(const AiConfig& ai);
  void add_api();
  void add_gateway();
  ports::MessageSubmitter& submitter();
  FrontDoor::Parts doors();
  api::Readiness readiness() const;
  /// The part that does not take work yet, if any.
  std::optional<std::string> waiting_for() const;

  const Config& config_;
  boost::asio::any_io_executor executor_;
  bool stopping_ = false;
  std::uint16_t port_ = 0;
  std::uint16_t admin_port_ = 0;
  observability::Metrics metrics_;
  World world_;

  // The four steps of a message, last to first: those of the roles.
  std::optional<worker::Ladder> ladder_;
  std::optional<worker::Worker> worker_;
  std::optional<outbox::RecentFeed> recent_feed_;
  std::optional<outbox::Relay> relay_;
  std::optional<api::Api> api_;
  std::optional<revocation::RevocationFeed> revocation_feed_;
  std::optional<HttpSubmitter> http_submitter_;
  std::optional<socketio_server::Server> sockets_;
  std::optional<gateway::Gateway> gateway_;
  std::optional<gateway::NamespaceSockets> namespace_sockets_;
  std::optional<gateway::AdminNamespace> admin_namespace_;

  // The entrances.
  HealthDoor health_door_;
  std::optional<FrontDoor> front_door_;
  AdminApi admin_api_;
  AdminDoor admin_door_;
  std::optional<net::HttpServer> public_server_;
  net::HttpServer admin_server_;
};

}  // namespace rubricon::app
