/// Signing in by password, for those who open a door that is not the REST API's.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/user.hpp>

#include <string>

namespace rubricon::ports {

struct PasswordAttempt {
  std::string email;     ///< as it was sent
  std::string password;  ///< as it was sent
  std::string address;   ///< of the client
};

class PasswordLogin {
 public:
  virtual ~PasswordLogin() = default;

  /// Whose account it is. One check with one set of limits wherever it is asked from, so that no
  /// door gives additional guesses: rate_limited; unauthenticated/"invalid_credentials" for all
  /// that is wrong with the attempt, an unknown account included, after the same time. Opens no
  /// session. Faults: throws base::Unavailable where the store cannot answer before `deadline`.
  virtual base::Task<base::Result<domain::User>> sign_in(PasswordAttempt attempt,
                                                         base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
