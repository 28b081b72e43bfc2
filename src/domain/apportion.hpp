/// Sharing out a whole number of units fairly (largest remainder).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace rubricon::domain {

/// Parts in proportion to `shares`, each a multiple of `unit`, that sum to `total` rounded to the
/// nearest multiple of `unit`. Equal shares differ by at most one unit, the earlier one first.
/// All shares zero: equal parts. No shares: no parts. Needs total >= 0, unit > 0, shares >= 0,
/// and total × the largest share within 2^62.
std::vector<std::int64_t> apportion(std::int64_t total, std::span<const std::int64_t> shares,
                                    std::int64_t unit);

}  // namespace rubricon::domain
