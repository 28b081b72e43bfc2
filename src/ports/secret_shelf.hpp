/// Small secrets by name that every process of an installation shares: the keys of tokens.
#pragma once

#include <optional>
#include <string>

namespace rubricon::ports {

/// Blocks; not for several threads at once. Every function throws std::runtime_error with a text
/// for the administrator where a secret cannot be read, written or trusted; never with its content.
class SecretShelf {
 public:
  virtual ~SecretShelf() = default;

  virtual std::optional<std::string> read(const std::string& name) = 0;
  /// Replaces what is there, whole or not at all; it is on stable storage when this returns.
  virtual void write(const std::string& name, const std::string& content) = 0;
  /// Puts it there unless somebody else has, and returns what is there then: of several processes
  /// that begin together all have the same.
  virtual std::string make(const std::string& name, const std::string& content) = 0;
  /// Another text after each write; empty while there is nothing. Cheap.
  virtual std::string version(const std::string& name) = 0;
  /// The name as people find it, for messages: "/var/lib/rubricon/keys/current.pem".
  virtual std::string place_of(const std::string& name) const = 0;
};

}  // namespace rubricon::ports
