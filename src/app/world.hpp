/// The world outside the program: engines, clock, keys, as ports.
#pragma once

#include <rubricon/app/assistants.hpp>
#include <rubricon/app/engines.hpp>
#include <rubricon/app/key_watch.hpp>
#include <rubricon/crypto/argon2_hasher.hpp>
#include <rubricon/crypto/es256_authority.hpp>
#include <rubricon/crypto/key_store.hpp>
#include <rubricon/crypto/refresh_token_mint.hpp>
#include <rubricon/crypto/system_clock.hpp>
#include <rubricon/crypto/system_random.hpp>
#include <rubricon/memory/revocation_list.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace rubricon::app {

/// One shard. Outlives everything that is built on it.
class World {
 public:
  /// Opens the data folder. Throws ConfigError and what the adapters throw, with sentences for
  /// people.
  World(const boost::asio::any_io_executor& executor, const Config& config, observability::Log& log,
        observability::Metrics& metrics);

  /// Reaches the engines. Throws what the adapters throw.
  base::Task<void> open() { return engines_.open(); }
  void start();
  base::Task<void> stop();
  /// Null where there is none.
  RedisEngine* redis() { return engines_.redis(); }

 private:
  const crypto::SystemClock system_clock_;
  crypto::SystemRandom system_random_;
  memory::RevocationList revocation_list_;
  crypto::KeyStore keys_;
  crypto::Es256Authority authority_;
  KeyWatch key_watch_;
  crypto::RefreshTokenMint token_mint_;
  crypto::Argon2Hasher argon2_;
  Assistants assistants_;
  Engines engines_;

 public:
  const ports::Clock& clock;
  ports::Random& random;
  observability::Log& log;
  observability::Metrics& metrics;
  const Stores stores;
  ports::EventBus& bus;
  ports::JobQueue& jobs;
  ports::EphemeralBus& ephemerals;
  ports::Presence& presence;
  ports::ConnectionLimiter* connections;  ///< of all processes; null where there is only this one
  ports::RunningAnswers& running_answers;
  ports::RateLimiter& rate_limiter;
  ports::AnswerCache& answer_cache;
  ports::RecentMessages& recent_messages;
  ports::UploadProgress& uploads;
  ports::Revocations& revocations;
  ports::TokenIssuer& issuer;
  ports::TokenVerifier& verifier;
  ports::RefreshTokens& refresh_tokens;
  ports::PasswordHasher& hasher;
  const std::vector<std::reference_wrapper<ports::AiClient>> models;  ///< in order of preference
  ports::AiClient& rules;
  /// Of the whole installation; others are derived from it.
  const crypto::Secret secret;
};

}  // namespace rubricon::app
