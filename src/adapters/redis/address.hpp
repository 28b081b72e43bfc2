/// Where a Redis is and who asks there, from a URL.
#pragma once

#include <rubricon/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace rubricon::redis {

struct Address {
  std::string host = "127.0.0.1";
  std::uint16_t port = 6379;
  std::string unix_path;  ///< where not empty, instead of host and port
  std::string user;       ///< of an ACL; empty for the default one
  std::string password;   ///< empty: none is sent
  int database = 0;

  /// Without user and password, for logs: "redis://127.0.0.1:6379/0".
  std::string to_string() const;

  bool operator==(const Address&) const = default;
};

/// Accepts `redis://[[user]:password@]host[:port][/database]` and
/// `unix://[[user]:password@]/path[?db=database]`; user and password percent-encoded. invalid, and
/// never with any part of the URL in its detail, for anything else; `rediss://` too.
base::Result<Address> parse_address(std::string_view url);

}  // namespace rubricon::redis
