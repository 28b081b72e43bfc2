/// The names of the channels of @socket.io/redis-adapter for the namespace `/`. `key` is its
/// option of that name, "socket.io" by default, without `*`, `?`, `[` or `#`.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace rubricon::redis {

class AdapterChannels {
 public:
  AdapterChannels() = default;
  explicit AdapterChannels(std::string key) : key_(std::move(key)) {}

  std::string broadcast() const { return key_ + "#/#"; }
  /// For what goes to one room only.
  std::string broadcast(std::string_view room) const {
    return broadcast() + std::string(room) + '#';
  }
  std::string broadcast_pattern() const { return broadcast() + '*'; }
  std::string requests() const { return key_ + "-request#/#"; }
  /// `uid` empty: the one where everybody listens.
  std::string answers(std::string_view uid) const {
    const auto all = key_ + "-response#/#";
    return uid.empty() ? all : all + std::string(uid) + '#';
  }

 private:
  std::string key_ = "socket.io";
};

}  // namespace rubricon::redis
