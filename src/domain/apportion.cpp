#include <rubricon/domain/apportion.hpp>

#include <rubricon/base/assert.hpp>

#include <algorithm>
#include <numeric>

namespace rubricon::domain {

std::vector<std::int64_t> apportion(std::int64_t total, std::span<const std::int64_t> shares,
                                    std::int64_t unit) {
  RUBRICON_ASSERT(total >= 0);
  RUBRICON_ASSERT(unit > 0);
  if (shares.empty()) return {};
  std::vector<std::int64_t> share(shares.begin(), shares.end());
  auto sum = std::accumulate(share.begin(), share.end(), std::int64_t{0});
  if (sum == 0) {
    std::ranges::fill(share, 1);
    sum = static_cast<std::int64_t>(share.size());
  }
  const std::int64_t units = (total + unit / 2) / unit;
  std::vector<std::int64_t> parts(share.size());
  std::vector<std::int64_t> remainders(share.size());
  std::int64_t left = units;
  for (std::size_t i = 0; i < share.size(); ++i) {
    RUBRICON_ASSERT(share[i] >= 0);
    parts[i] = units * share[i] / sum;
    remainders[i] = units * share[i] % sum;
    left -= parts[i];
  }
  std::vector<std::size_t> order(share.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&remainders](std::size_t a, std::size_t b) {
    return remainders[a] != remainders[b] ? remainders[a] > remainders[b] : a < b;
  });
  for (std::size_t k = 0; left > 0; ++k, --left) ++parts[order[k]];
  for (auto& part : parts) part *= unit;
  return parts;
}

}  // namespace rubricon::domain
