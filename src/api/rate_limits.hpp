/// How much one user or one address may ask for (S12, S33). Messages, accounts and sign-ins are
/// counted by a RateLimiter, over all processes where that does. What every request is counted by,
/// and wrong passwords, are in process: a restart forgets them, several apis each have their own.
#pragma once

#include <rubricon/api/token_buckets.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/ids.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/rate_limiter.hpp>

#include <string>
#include <string_view>

namespace rubricon::api {

struct RateLimitOptions {
  ports::Rate messages_per_user{40, 20};
  ports::Rate requests_per_user{200, 100};
  ports::Rate requests_per_network{4'000, 2'000};  ///< below /api, whoever asks
  ports::Rate register_per_network{60, 0.1};
  ports::Rate auth_per_network{120, 4};  ///< login, refresh, logout and passwords together
  /// Wrong passwords for one account from one network.
  ports::Rate failures_per_pair{10, 1.0 / 30};
  /// Wrong passwords for one account from everywhere.
  ports::Rate failures_per_account{100, 1.0 / 36};
};

/// A password that is being looked at.
struct Guess {
  std::string pair;     ///< network and account
  std::string account;  ///< empty where the allowance of the account was used up already
};

/// One thread. Limiter and clock outlive it. Each function answers rate_limited with the time to
/// wait.
class RateLimits {
 public:
  /// Nobody waits longer for the limiter to count.
  static constexpr base::Milliseconds count_timeout{250};

  RateLimits(const RateLimitOptions& options, ports::RateLimiter& limiter,
             const ports::Clock& clock);

  base::Task<base::Result<void>> message(domain::UserId user);
  base::Task<base::Result<void>> registration(std::string_view address);
  base::Task<base::Result<void>> auth(std::string_view address);
  base::Result<void> request(domain::UserId user);
  base::Result<void> any(std::string_view address);

  /// Before a password is looked at. An account under attack from many networks stays open to each
  /// network that has not failed lately: its owner gets in, and every network of the attacker gets
  /// one guess. Counts as a wrong one until it is said otherwise, so that many at once are not more
  /// than one after another.
  base::Result<Guess> login(std::string_view address, std::string_view email);
  /// It was right: what was guessed wrong from there is forgotten.
  void right(const Guess& guess);
  /// Nobody could tell whether it was.
  void undecided(const Guess& guess);

 private:
  base::Task<base::Result<void>> count(std::string key, ports::Rate rate);
  static base::Result<void> answer(std::optional<std::chrono::seconds> wait);
  static std::string pair(std::string_view address, std::string_view email);

  const RateLimitOptions options_;
  ports::RateLimiter& limiter_;
  const ports::Clock& clock_;
  TokenBuckets<domain::UserId> requests_;
  TokenBuckets<std::string> networks_;
  TokenBuckets<std::string> pairs_;
  TokenBuckets<std::string> accounts_;
};

}  // namespace rubricon::api
