/// Where the model is: the URL that an operator wrote, held against the rules of S30.
#pragma once

#include <rubricon/ai_http/address_rules.hpp>
#include <rubricon/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace rubricon::ai_http {

struct Endpoint {
  Encryption encryption = Encryption::tls;
  std::string host;  ///< a name, or a numeric address without brackets
  std::uint16_t port = 443;
  std::string path;  ///< before "/chat/completions"; empty or "/…" without a slash at its end

  /// Reads `https://host[:port][/path]`, and `http://` for local addresses, up to what stands
  /// before
  /// `/chat/completions`, which may be there. Refuses user names, queries, fragments, odd
  /// characters, every numeric host that is not an address in its one usual form (no decimal,
  /// octal, hexadecimal or short ones, no IPv6 zones), and numeric hosts that `may_connect`
  /// refuses. The error repeats nothing of the URL.
  static base::Result<Endpoint> parse(std::string_view url, LocalAddresses local);

  /// Of chat completions.
  std::string url() const;
  /// For logs: "https://api.example:443".
  std::string origin() const;

  bool operator==(const Endpoint&) const = default;
};

}  // namespace rubricon::ai_http
