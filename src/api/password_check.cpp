#include <rubricon/api/password_check.hpp>

#include <rubricon/observability/log.hpp>

#include <optional>
#include <utility>

namespace rubricon::api {

using base::ErrorCode;
using base::fail;

base::Task<base::Result<domain::User>> PasswordCheck::sign_in(ports::PasswordAttempt attempt,
                                                              base::Deadline deadline) {
  if (auto allowed = limits_.auth(attempt.address); !allowed) {
    co_return std::unexpected(std::move(allowed.error()));
  }
  const auto email = domain::Email::parse(attempt.email);
  const std::string key = email ? email->value() : std::string();
  if (auto allowed = limits_.login(attempt.address, key); !allowed) {
    services_.log.repeated(observability::Level::warning, "api.login_throttled",
                           {{"client.ip", attempt.address}});
    co_return std::unexpected(std::move(allowed.error()));
  }
  bool correct = false;
  std::optional<ports::Credentials> account;
  // No account can have another kind of password.
  if (auto password = domain::Password::parse(attempt.password); email && password) {
    account = co_await services_.users.find_by_email(*email, deadline);
    // An empty hash costs the same: whether there is an account does not show (S33).
    std::string hash = account ? account->password_hash : std::string();
    auto verdict =
        co_await services_.hasher.verify(std::move(*password), std::move(hash), deadline);
    if (!verdict) co_return std::unexpected(std::move(verdict.error()));
    correct = account && *verdict;
  }
  if (!correct) {
    limits_.login_failed(attempt.address, key);
    services_.log.repeated(observability::Level::info, "api.login_failed",
                           {{"client.ip", attempt.address}});
    co_return fail(ErrorCode::unauthenticated, "The e-mail address or the password is wrong.",
                   "invalid_credentials");
  }
  limits_.login_succeeded(attempt.address, key);
  co_return std::move(account->user);
}

}  // namespace rubricon::api
