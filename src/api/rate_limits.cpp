#include <rubricon/api/rate_limits.hpp>

#include <rubricon/api/problem.hpp>

#include <arpa/inet.h>

#include <array>

namespace rubricon::api {

RateLimits::RateLimits(const RateLimitOptions& options, const ports::Clock& clock)
    : clock_(clock),
      messages_(options.messages_per_user),
      requests_(options.requests_per_user),
      networks_(options.requests_per_network),
      registrations_(options.register_per_network),
      auths_(options.auth_per_network),
      pairs_(options.failures_per_pair),
      accounts_(options.failures_per_account) {}

base::Result<void> RateLimits::message(domain::UserId user) {
  return answer(messages_.take(user, clock_.monotonic()));
}

base::Result<void> RateLimits::request(domain::UserId user) {
  return answer(requests_.take(user, clock_.monotonic()));
}

base::Result<void> RateLimits::any(std::string_view address) {
  return answer(networks_.take(network_of(address), clock_.monotonic()));
}

base::Result<void> RateLimits::registration(std::string_view address) {
  return answer(registrations_.take(network_of(address), clock_.monotonic()));
}

base::Result<void> RateLimits::auth(std::string_view address) {
  return answer(auths_.take(network_of(address), clock_.monotonic()));
}

base::Result<void> RateLimits::login(std::string_view address, std::string_view email) {
  const auto now = clock_.monotonic();
  const auto key = pair(address, email);
  if (const auto wait = pairs_.blocked(key, now)) return answer(wait);
  const auto wait = accounts_.blocked(std::string(email), now);
  if (wait && !pairs_.full(key, now)) return answer(wait);
  return {};
}

void RateLimits::login_failed(std::string_view address, std::string_view email) {
  const auto now = clock_.monotonic();
  (void)pairs_.take(pair(address, email), now);
  (void)accounts_.take(std::string(email), now);
}

void RateLimits::login_succeeded(std::string_view address, std::string_view email) {
  pairs_.reset(pair(address, email));
}

base::Result<void> RateLimits::answer(std::optional<std::chrono::seconds> wait) const {
  if (!wait) return {};
  return std::unexpected(rate_limited(*wait));
}

std::string RateLimits::pair(std::string_view address, std::string_view email) {
  return network_of(address) + ' ' + std::string(email);
}

std::string network_of(std::string_view address) {
  std::array<unsigned char, 16> bytes{};
  const std::string text(address);
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  constexpr std::array<unsigned char, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(mapped_prefix.begin(), mapped_prefix.end(), bytes.begin())) {
    std::array<char, INET_ADDRSTRLEN> v4{};
    ::inet_ntop(AF_INET, bytes.data() + mapped_prefix.size(), v4.data(), v4.size());
    return v4.data();
  }
  return std::string(bytes.begin(), bytes.begin() + 8);
}

}  // namespace rubricon::api
