/// What the routes are made of: the ports they use, and what an administrator may set.
#pragma once

#include <rubricon/api/rate_limits.hpp>
#include <rubricon/ports/chat_store.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/dead_jobs.hpp>
#include <rubricon/ports/event_bus.hpp>
#include <rubricon/ports/event_store.hpp>
#include <rubricon/ports/message_store.hpp>
#include <rubricon/ports/message_submitter.hpp>
#include <rubricon/ports/password_hasher.hpp>
#include <rubricon/ports/random.hpp>
#include <rubricon/ports/rate_limiter.hpp>
#include <rubricon/ports/recent_messages.hpp>
#include <rubricon/ports/refresh_tokens.hpp>
#include <rubricon/ports/rubric_store.hpp>
#include <rubricon/ports/session_store.hpp>
#include <rubricon/ports/token_authority.hpp>
#include <rubricon/ports/upload_progress.hpp>
#include <rubricon/ports/user_store.hpp>

#include <functional>
#include <string>
#include <vector>

namespace rubricon::observability {
class Log;
class Metrics;
}  // namespace rubricon::observability

namespace rubricon::api {

/// Everything outlives the Api. All of it is used from the Api's shard.
struct Services {
  ports::UserStore& users;
  ports::SessionStore& sessions;
  ports::ChatStore& chats;
  ports::MessageStore& messages;
  ports::EventStore& events;
  ports::RecentMessages& recent_messages;
  ports::UploadProgress& uploads;
  ports::RubricStore& rubrics;
  ports::DeadJobs& dead_jobs;
  ports::JobQueue& jobs;
  ports::PasswordHasher& hasher;
  ports::TokenIssuer& issuer;
  ports::TokenVerifier& verifier;
  ports::Revocations& revocations;
  ports::RefreshTokens& refresh_tokens;
  ports::RateLimiter& rate_limiter;
  const ports::Clock& clock;
  ports::Random& random;
  observability::Log& log;
  observability::Metrics& metrics;
};

/// Who may make an account by himself (RUBRICON_SIGNUP). `first` and `invite` both mean only the
/// installation's first user; everybody else is added by an administrator.
enum class Signup { open, first, invite };

struct Readiness {
  enum class State { starting, ready, draining };
  State state = State::ready;
  std::vector<std::string> waiting_for;  ///< names of parts
};

struct Options {
  Signup signup = Signup::open;
  std::vector<std::string> allowed_origins;  ///< see Origins
  std::chrono::seconds session_lifetime = std::chrono::days(30);
  base::Milliseconds refresh_grace{10'000};  ///< for a lost reply to a refresh
  base::Milliseconds request_timeout{10'000};
  base::Milliseconds start_wait{2'000};
  RateLimitOptions rate_limits;
  /// What /readyz says; called on the shard. While it says `starting`, tokens are not looked at:
  /// sessions that have ended are not known yet. Whoever needs one waits, after `start_wait` for
  /// 503.
  std::function<Readiness()> readiness = [] { return Readiness{}; };
};

}  // namespace rubricon::api
