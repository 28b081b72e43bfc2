/// Passwords by argon2id (libsodium) on threads of its own, so that 30 ms of hashing never stand on
/// a shard, and with a bounded queue, so that a flood of sign-ins is refused instead of piling up.
#pragma once

#include <rubricon/base/work_pool.hpp>
#include <rubricon/observability/metrics.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/password_hasher.hpp>

#include <cstddef>
#include <string>

namespace rubricon::crypto {

struct Argon2Options {
  std::size_t memory_bytes = 19 * 1024 * 1024;  ///< OWASP's first choice with 2 passes, 1 lane
  unsigned long long passes = 2;
  std::size_t threads = 2;
  std::size_t queue_max = 64;  ///< requests waiting or running; more are refused
};

/// Destroy it while the executors of its callers still exist: what is queued then is dropped with
/// its coroutine.
class Argon2Hasher final : public ports::PasswordHasher {
 public:
  /// `clock` and `metrics` outlive the hasher. Takes one hash's time: the one for unknown users is
  /// made here.
  Argon2Hasher(const Argon2Options& options, const ports::Clock& clock,
               observability::Metrics& metrics);

  base::Task<base::Result<std::string>> hash(domain::Password password,
                                             base::Deadline deadline) override;
  base::Task<base::Result<bool>> verify(domain::Password password, std::string hash,
                                        base::Deadline deadline) override;

 private:
  std::string make_hash(const std::string& password) const;
  bool matches(const std::string& password, const std::string& hash) const;

  const Argon2Options options_;
  const ports::Clock& clock_;
  /// Runs of argon2id at the cost of `options_`, and no others: who is unknown costs one as well.
  observability::Counter& computed_;
  std::string hash_of_nobody_;
  base::WorkPool threads_;  ///< last: joined before what its work uses goes
};

}  // namespace rubricon::crypto
