#include <rubricon/api/rate_limits.hpp>

#include <rubricon/api/problem.hpp>
#include <rubricon/net/network_of.hpp>

namespace rubricon::api {

RateLimits::RateLimits(const RateLimitOptions& options, ports::RateLimiter& limiter,
                       const ports::Clock& clock)
    : options_(options),
      limiter_(limiter),
      clock_(clock),
      requests_(options.requests_per_user),
      networks_(options.requests_per_network),
      pairs_(options.failures_per_pair),
      accounts_(options.failures_per_account) {}

base::Task<base::Result<void>> RateLimits::message(domain::UserId user) {
  return count("messages:user:" + user.to_string(), options_.messages_per_user);
}

base::Result<void> RateLimits::request(domain::UserId user) {
  return answer(requests_.take(user, clock_.monotonic()));
}

base::Result<void> RateLimits::any(std::string_view address) {
  return answer(networks_.take(net::network_of(address), clock_.monotonic()));
}

base::Task<base::Result<void>> RateLimits::registration(std::string_view address) {
  return count("register:network:" + net::network_of(address), options_.register_per_network);
}

base::Task<base::Result<void>> RateLimits::auth(std::string_view address) {
  return count("auth:network:" + net::network_of(address), options_.auth_per_network);
}

base::Result<Guess> RateLimits::login(std::string_view address, std::string_view email) {
  const auto now = clock_.monotonic();
  Guess guess{.pair = pair(address, email), .account = std::string(email)};
  if (const auto wait = pairs_.blocked(guess.pair, now)) {
    return std::unexpected(rate_limited(*wait));
  }
  if (const auto wait = accounts_.blocked(guess.account, now)) {
    if (!pairs_.full(guess.pair, now)) return std::unexpected(rate_limited(*wait));
    guess.account.clear();
  } else {
    (void)accounts_.take(guess.account, now);
  }
  (void)pairs_.take(guess.pair, now);
  return guess;
}

void RateLimits::right(const Guess& guess) {
  pairs_.reset(guess.pair);
  if (!guess.account.empty()) accounts_.give_back(guess.account, clock_.monotonic());
}

void RateLimits::undecided(const Guess& guess) {
  const auto now = clock_.monotonic();
  pairs_.give_back(guess.pair, now);
  if (!guess.account.empty()) accounts_.give_back(guess.account, now);
}

base::Task<base::Result<void>> RateLimits::count(std::string key, ports::Rate rate) {
  const auto deadline = base::Deadline::after(clock_.monotonic(), count_timeout);
  const auto wait = co_await limiter_.take(std::move(key), rate, deadline);
  if (wait.count() == 0) co_return base::Result<void>();
  co_return answer(std::chrono::ceil<std::chrono::seconds>(wait));
}

base::Result<void> RateLimits::answer(std::optional<std::chrono::seconds> wait) {
  if (!wait) return {};
  return std::unexpected(rate_limited(*wait));
}

std::string RateLimits::pair(std::string_view address, std::string_view email) {
  return net::network_of(address) + ' ' + std::string(email);
}

}  // namespace rubricon::api
