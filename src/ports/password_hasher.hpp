/// Slow on purpose, so never on a shard: a bounded pool does it.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/text.hpp>

#include <string>

namespace rubricon::ports {

/// Both answer `unavailable`/"hasher_busy" at once where the pool's queue is full.
class PasswordHasher {
 public:
  virtual ~PasswordHasher() = default;

  /// A PHC string with its own salt and cost (argon2id).
  virtual base::Task<base::Result<std::string>> hash(domain::Password password,
                                                     base::Deadline deadline) = 0;
  /// With an empty `hash` it takes as long and answers false: unknown users look like wrong
  /// passwords.
  virtual base::Task<base::Result<bool>> verify(domain::Password password, std::string hash,
                                                base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
