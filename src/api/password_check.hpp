/// Whether a password is an account's: throttled, and telling nobody who has an account.
#pragma once

#include <rubricon/api/rate_limits.hpp>
#include <rubricon/api/services.hpp>
#include <rubricon/ports/password_login.hpp>

namespace rubricon::api {

/// The one place where passwords are compared. One shard. Services and limits outlive it.
class PasswordCheck final : public ports::PasswordLogin {
 public:
  PasswordCheck(const Services& services, RateLimits& limits)
      : services_(services), limits_(limits) {}

  base::Task<base::Result<ports::SessionUser>> sign_in(ports::PasswordAttempt attempt,
                                                       ports::SessionTerms terms,
                                                       base::Deadline deadline) override;
  /// Refuses as `sign_in`, and opens nothing. With the hash that the password was verified against:
  /// what follows must find it unchanged, or a password that was changed meanwhile would have
  /// counted once more.
  base::Task<base::Result<ports::Credentials>> verify(ports::PasswordAttempt attempt,
                                                      base::Deadline deadline);

 private:
  base::Task<base::Result<bool>> matches(std::string password, std::string hash,
                                         base::Deadline deadline);

  const Services& services_;
  RateLimits& limits_;
};

}  // namespace rubricon::api
