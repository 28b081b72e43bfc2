/// A new key for access tokens, from the command line; also while the server runs.
#pragma once

#include <rubricon/app/config.hpp>

#include <chrono>

namespace rubricon::app {

/// A token lives 15 minutes, and clocks disagree.
inline constexpr std::chrono::seconds keys_overlap_default{20 * 60};

/// Makes the new key and prints both names. Tokens of the one before count for `overlap` longer;
/// with less than a token's life some people's next request is answered 401 and refreshed. Returns
/// the exit status; throws std::runtime_error where the files cannot be written or trusted.
int rotate_keys(const Config& config, std::chrono::seconds overlap);

}  // namespace rubricon::app
