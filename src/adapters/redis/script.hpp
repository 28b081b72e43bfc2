/// Several steps on Redis as one: a Lua script, sent once and then called by its hash.
#pragma once

#include <rubricon/redis/connection.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace rubricon::redis {

/// Runs whole or not at all beside other commands. The connection outlives it.
class Script {
 public:
  /// `source` is a constant of ours: values go into `words`, never into it.
  Script(Connection& connection, std::string_view source);

  /// KEYS and ARGV. Faults as Connection::call.
  base::Task<Reply> run(std::vector<std::string> keys, std::vector<std::string> words,
                        base::Deadline deadline);

 private:
  Command command(std::string_view verb, std::string_view script,
                  const std::vector<std::string>& keys,
                  const std::vector<std::string>& words) const;

  Connection& connection_;
  std::string source_;
  std::string hash_;
};

}  // namespace rubricon::redis
