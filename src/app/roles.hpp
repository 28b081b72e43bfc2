/// Which parts of the program a process plays.
#pragma once

#include <string>

namespace rubricon::app {

struct Roles {
  bool api = true;
  bool gateway = true;
  bool worker = true;

  bool all() const { return api && gateway && worker; }
  /// "api,gateway,worker": any of them, in any order. Throws ConfigError.
  static Roles parse(const std::string& text);
  std::string to_string() const;

  bool operator==(const Roles&) const = default;
};

}  // namespace rubricon::app
