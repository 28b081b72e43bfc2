/// Accounts.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/text.hpp>
#include <rubricon/domain/user.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace rubricon::ports {

struct NewUser {
  domain::Email email;
  domain::DisplayName name;
  domain::Locale locale = domain::Locale::zh_tw;
  std::string password_hash;  ///< PHC string (argon2id)
};

struct Credentials {
  domain::User user;
  std::string password_hash;
};

struct PasswordChange {
  domain::UserId user;
  std::string present_hash;  ///< of the password that was verified
  std::string next_hash;
  domain::SessionId kept;
};

struct UserPatch {
  std::optional<domain::DisplayName> name;
  std::optional<domain::Locale> locale;
};

/// Who may create an account: anybody, or only the very first user of the installation.
enum class Admission { anybody, only_first };

/// Faults: throws base::Unavailable when the store cannot answer before `deadline`.
class UserStore {
 public:
  virtual ~UserStore() = default;

  /// The first user of an installation becomes admin, decided in the same transaction.
  /// conflict/"email_taken" where the address is in use; forbidden/"signup_closed" where
  /// `admission` is only_first and there is a user already.
  virtual base::Task<base::Result<domain::User>> create(NewUser user, Admission admission,
                                                        base::Deadline deadline) = 0;
  virtual base::Task<std::optional<Credentials>> find_by_email(domain::Email email,
                                                               base::Deadline deadline) = 0;
  virtual base::Task<std::optional<domain::User>> find(domain::UserId id,
                                                       base::Deadline deadline) = 0;
  /// not_found if the user is gone.
  virtual base::Task<base::Result<domain::User>> update(domain::UserId id, UserPatch patch,
                                                        base::Deadline deadline) = 0;

  /// Replaces the password and ends every other session of the user, in one transaction, with the
  /// events of SessionStore::revoke: whoever knew the old one is out. Returns the sessions that
  /// were ended; not_found if the user is gone; conflict if the present password is not the one
  /// that was verified any more, so that of two who know it only one can change it.
  virtual base::Task<base::Result<std::vector<domain::SessionId>>> change_password(
      PasswordChange change, base::Deadline deadline) = 0;

  /// Disables the account and ends all its sessions, in one transaction, with the events of
  /// SessionStore::revoke; or lets it sign in again. Returns the sessions that were ended;
  /// not_found if nobody has that address.
  virtual base::Task<base::Result<std::vector<domain::SessionId>>> set_disabled(
      domain::Email email, bool disabled, base::Deadline deadline) = 0;
  /// At most `limit` accounts with an address after `after`, by address.
  virtual base::Task<std::vector<domain::User>> list(std::string after, std::size_t limit,
                                                     base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
