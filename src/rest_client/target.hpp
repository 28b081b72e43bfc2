/// Where a server listens, as people write it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::rest_client {

struct Target {
  std::string host;  ///< a name, or a numeric address without brackets
  std::string port = "80";
  std::string authority;  ///< as it was written, for the Host field

  /// "http://127.0.0.1:3000", "http://[::1]:3000", a "/" at the end allowed. Nothing for https, for
  /// user names and for paths.
  static std::optional<Target> parse(std::string_view url);
};

}  // namespace rubricon::rest_client
