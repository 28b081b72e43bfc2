/// Builds the whole program by constructors, from the most general to the most specific. The only
/// place that names adapters: another engine is another line here.
#pragma once

#include <rubricon/ai_rules/rules_client.hpp>
#include <rubricon/api/api.hpp>
#include <rubricon/app/admin_api.hpp>
#include <rubricon/app/config.hpp>
#include <rubricon/app/front_door.hpp>
#include <rubricon/app/key_watch.hpp>
#include <rubricon/crypto/argon2_hasher.hpp>
#include <rubricon/crypto/es256_authority.hpp>
#include <rubricon/crypto/key_store.hpp>
#include <rubricon/crypto/refresh_token_mint.hpp>
#include <rubricon/crypto/system_clock.hpp>
#include <rubricon/crypto/system_random.hpp>
#include <rubricon/gateway/admin_namespace.hpp>
#include <rubricon/gateway/gateway.hpp>
#include <rubricon/memory/broker.hpp>
#include <rubricon/memory/ephemerals.hpp>
#include <rubricon/memory/presence_map.hpp>
#include <rubricon/memory/revocation_list.hpp>
#include <rubricon/memory/running_answer_map.hpp>
#include <rubricon/net/http_server.hpp>
#include <rubricon/outbox/relay.hpp>
#include <rubricon/sqlite/database.hpp>
#include <rubricon/worker/worker.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <optional>

namespace rubricon::app {

/// All roles on one shard. Members are destroyed in reverse order, so each outlives what uses it.
class Program {
 public:
  /// Opens the data folder. Throws ConfigError and what the adapters throw, with sentences for
  /// people.
  Program(boost::asio::any_io_executor executor, const Config& config, observability::Log& log);
  /// Only after `stop()` has completed, or when `start()` was never called.
  ~Program();

  /// Listens and begins to work. Throws base::Unavailable where an address cannot be bound; then
  /// `stop_listening()` comes before the end.
  void start();
  base::Task<void> stop_listening();
  /// Completes when it takes work, as /readyz says; or when it is stopped before.
  base::Task<void> until_ready();
  /// Tells clients to come back, finishes what is under way within 30 s, and ends every loop.
  base::Task<void> stop();

  std::uint16_t port() const { return port_; }
  std::uint16_t admin_port() const { return admin_port_; }

 private:
  api::Readiness readiness() const;
  void add_metrics();

  const Config& config_;
  bool stopping_ = false;
  std::uint16_t port_ = 0;
  std::uint16_t admin_port_ = 0;
  observability::Metrics metrics_;

  // The world.
  crypto::SystemClock clock_;
  crypto::SystemRandom random_;
  sqlite::Database database_;
  memory::Broker broker_;
  memory::Ephemerals ephemerals_;
  memory::PresenceMap presence_;
  memory::RunningAnswerMap running_answers_;
  memory::RevocationList revocations_;
  crypto::KeyStore keys_;
  crypto::Es256Authority authority_;
  KeyWatch key_watch_;
  crypto::RefreshTokenMint refresh_tokens_;
  crypto::Argon2Hasher hasher_;
  ai_rules::RulesClient assistant_;

  // The four steps of a message, last to first, and the entrances.
  worker::Worker worker_;
  outbox::Relay relay_;
  api::Api api_;
  socketio_server::Server sockets_;
  gateway::Gateway gateway_;
  std::optional<gateway::AdminNamespace> admin_namespace_;
  FrontDoor front_door_;
  AdminApi admin_api_;
  AdminDoor admin_door_;
  net::HttpServer public_server_;
  net::HttpServer admin_server_;
};

}  // namespace rubricon::app
