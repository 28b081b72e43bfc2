#include <rubricon/api/password_check.hpp>

#include <rubricon/observability/log.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace rubricon::api {

using base::ErrorCode;
using base::fail;

namespace {

std::unexpected<base::Error> invalid_credentials() {
  return fail(ErrorCode::unauthenticated, "The e-mail address or the password is wrong.",
              "invalid_credentials");
}

}  // namespace

base::Task<base::Result<ports::SessionUser>> PasswordCheck::sign_in(ports::PasswordAttempt attempt,
                                                                    ports::SessionTerms terms,
                                                                    base::Deadline deadline) {
  auto verified = co_await verify(std::move(attempt), deadline);
  if (!verified) co_return std::unexpected(std::move(verified.error()));
  const auto& user = verified->user;
  if (terms.only && user.role != *terms.only) co_return fail(ErrorCode::forbidden);
  const auto session =
      co_await services_.sessions.open(user.id, terms.token, terms.expires_at, deadline);
  // A new password, or disabling the account, ends the sessions that it finds. This one it may have
  // missed.
  const auto email = domain::Email::parse(user.email).value();
  const auto account = co_await services_.users.find_by_email(email, deadline);
  if (!account || account->password_hash != verified->password_hash || account->user.disabled ||
      account->user.role != user.role) {
    (void)co_await services_.sessions.revoke(user.id, session, deadline);
    co_return invalid_credentials();
  }
  co_return ports::SessionUser{session, user};
}

base::Task<base::Result<ports::Credentials>> PasswordCheck::verify(ports::PasswordAttempt attempt,
                                                                   base::Deadline deadline) {
  if (auto allowed = co_await limits_.auth(attempt.address); !allowed) {
    co_return std::unexpected(std::move(allowed.error()));
  }
  const auto email = domain::Email::parse(attempt.email);
  const auto guess = limits_.login(attempt.address, email ? email->value() : std::string());
  if (!guess) {
    services_.log.repeated(observability::Level::warning, "api.login_throttled",
                           {{"client.ip", attempt.address}});
    co_return std::unexpected(guess.error());
  }
  std::optional<ports::Credentials> account;
  base::Result<bool> correct = false;
  std::exception_ptr fault;
  try {
    if (email) account = co_await services_.users.find_by_email(*email, deadline);
    // An empty hash costs the same: whether there is an account does not show (S33).
    std::string hash = account ? account->password_hash : std::string();
    correct = co_await matches(std::move(attempt.password), std::move(hash), deadline);
  } catch (...) {
    fault = std::current_exception();
  }
  if (fault || !correct) limits_.undecided(*guess);
  if (fault) std::rethrow_exception(fault);
  if (!correct) co_return std::unexpected(std::move(correct.error()));
  if (!account || !*correct) {
    services_.log.repeated(observability::Level::info, "api.login_failed",
                           {{"client.ip", attempt.address}});
    co_return invalid_credentials();
  }
  limits_.right(*guess);
  if (account->user.disabled) {
    co_return fail(ErrorCode::forbidden, "This account is disabled; ask whoever runs the server.",
                   "account_disabled");
  }
  co_return std::move(*account);
}

/// No account can have a password that does not parse.
base::Task<base::Result<bool>> PasswordCheck::matches(std::string password, std::string hash,
                                                      base::Deadline deadline) {
  auto parsed = domain::Password::parse(password);
  if (!parsed) co_return false;
  co_return co_await services_.hasher.verify(std::move(*parsed), std::move(hash), deadline);
}

}  // namespace rubricon::api
