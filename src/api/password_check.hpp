/// Whether a password is an account's: throttled, and telling nobody who has an account.
#pragma once

#include <rubricon/api/rate_limits.hpp>
#include <rubricon/api/services.hpp>
#include <rubricon/ports/password_login.hpp>

namespace rubricon::api {

/// One shard. Services and limits outlive it.
class PasswordCheck final : public ports::PasswordLogin {
 public:
  PasswordCheck(const Services& services, RateLimits& limits)
      : services_(services), limits_(limits) {}

  base::Task<base::Result<domain::User>> sign_in(ports::PasswordAttempt attempt,
                                                 base::Deadline deadline) override;

 private:
  const Services& services_;
  RateLimits& limits_;
};

}  // namespace rubricon::api
