/// Signing in by password: for the REST API and for every other door of the same process.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/user.hpp>
#include <rubricon/ports/session_store.hpp>

#include <optional>
#include <string>

namespace rubricon::ports {

struct PasswordAttempt {
  std::string email;     ///< as it was sent
  std::string password;  ///< as it was sent
  std::string address;   ///< of the client
};

/// The session that a right password opens.
struct SessionTerms {
  TokenHash token{};
  base::Time expires_at;
  std::optional<domain::UserRole> only;  ///< whose door it is; nobody else gets a session by it
};

class PasswordLogin {
 public:
  virtual ~PasswordLogin() = default;

  /// Opens a session of whose account it is. One check with one set of limits wherever it is asked
  /// from, so that no door gives additional guesses: rate_limited;
  /// unauthenticated/"invalid_credentials" for all that is wrong with the attempt, an unknown
  /// account included, after the same time; forbidden/"account_disabled"; forbidden for another
  /// role than `terms.only`. Where the account was disabled or got another password or role while
  /// the password was compared, the session is ended again: invalid_credentials. Faults: throws
  /// base::Unavailable where the store cannot answer before `deadline`.
  virtual base::Task<base::Result<SessionUser>> sign_in(PasswordAttempt attempt, SessionTerms terms,
                                                        base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
