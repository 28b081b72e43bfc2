#include <rubricon/sim/identities.hpp>

#include <algorithm>

namespace rubricon::sim {
namespace {

constexpr base::Milliseconds lifetime{std::chrono::hours(2)};

}  // namespace

std::string PlainTokens::text(domain::UserId user, domain::SessionId session) {
  return user.to_string() + "." + session.to_string();
}

base::Result<domain::Identity> PlainTokens::verify(std::string_view token) const {
  const auto dot = token.find('.');
  const auto user = domain::UserId::parse(token.substr(0, dot));
  const auto session =
      dot == token.npos ? std::nullopt : domain::SessionId::parse(token.substr(dot + 1));
  if (!user || !session) {
    return base::fail(base::ErrorCode::unauthenticated, "not a token", "token_invalid");
  }
  if (revocations_.revoked(*session)) {
    return base::fail(base::ErrorCode::unauthenticated, "signed out", "session_revoked");
  }
  return domain::Identity{.user = *user,
                          .session = *session,
                          .role = domain::UserRole::teacher,
                          .expires_at = clock_.now() + lifetime};
}

ports::TokenIssuer::Issued PlainTokens::issue(const domain::User& user,
                                              domain::SessionId session) const {
  return {text(user.id, session), lifetime};
}

ports::RefreshToken PlainRefreshTokens::successor(std::string_view token) const {
  return made(std::string(token) + "+");
}

ports::TokenHash PlainRefreshTokens::hash(std::string_view token) const {
  ports::TokenHash hash{};
  std::copy_n(token.begin(), std::min(token.size(), hash.size()), hash.begin());
  return hash;
}

ports::RefreshToken PlainRefreshTokens::made(std::string text) const {
  const auto known_by = hash(text);
  return {std::move(text), known_by};
}

base::Task<base::Result<std::string>> PlainHasher::hash(domain::Password, base::Deadline) {
  co_return std::string("plain");
}

base::Task<base::Result<bool>> PlainHasher::verify(domain::Password, std::string, base::Deadline) {
  co_return true;
}

}  // namespace rubricon::sim
