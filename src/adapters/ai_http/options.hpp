/// One endpoint with one model, and how patient we are with it.
#pragma once

#include <rubricon/ai_http/chat_request.hpp>
#include <rubricon/ai_http/endpoint_policy.hpp>
#include <rubricon/base/time.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace rubricon::ai_http {

/// Of a million tokens, in whatever unit the operator reckons.
struct TokenPrices {
  double prompt = 0;
  double completion = 0;
};

struct Options {
  Endpoint endpoint;
  LocalAddresses local = LocalAddresses::refused;
  std::string key;  ///< visible ASCII; empty: none is sent
  std::string model;
  std::string ca_file;                 ///< PEM, instead of the system's; empty: the system's
  std::optional<Transport> transport;  ///< nothing: the best that the endpoint supports
  std::optional<TokenPrices> prices;

  base::Milliseconds connect_timeout{3'000};
  base::Milliseconds first_token_timeout{20'000};
  base::Milliseconds token_timeout{15'000};  ///< between two tokens
  base::Milliseconds answer_timeout{120'000};
  /// For the counts that follow the last token, which nobody needs.
  base::Milliseconds tail_timeout{2'000};
  std::size_t response_bytes_max = 8 * 1024 * 1024;
  std::size_t reply_bytes_max = 60 * 1024;  ///< of the text that is shown
  std::size_t prompt_tokens_max = 24'000;   ///< as estimated
  std::size_t answer_tokens_max = 8'192;
};

}  // namespace rubricon::ai_http
