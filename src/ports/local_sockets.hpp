/// The sockets of this process, for the other Socket.IO servers of the cluster: they may ask who is
/// there, and reach them under the rules of whoever calls this.
#pragma once

#include <rubricon/base/time.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::ports {

/// All who are in one of `rooms` (everybody where it is empty) and in none of `except`. A socket is
/// also in the room of its own id.
struct SocketFilter {
  std::vector<std::string> rooms;
  std::vector<std::string> except;
};

/// What others may know of a socket: no headers, no cookies, no token.
struct SocketSummary {
  std::string id;
  std::vector<std::string> rooms;  ///< with its own id
  std::string address;
};

enum class Disconnect { socket, transport };

/// One shard. Nothing waits and nothing throws.
class LocalSockets {
 public:
  virtual ~LocalSockets() = default;

  /// All rooms, those of ids included.
  virtual std::vector<std::string> rooms() const = 0;
  /// At most `limit`.
  virtual std::vector<SocketSummary> find(const SocketFilter& filter, std::size_t limit) const = 0;
  virtual void join(const SocketFilter& filter, const std::vector<std::string>& rooms) = 0;
  virtual void leave(const SocketFilter& filter, const std::vector<std::string>& rooms) = 0;
  virtual void disconnect(const SocketFilter& filter, Disconnect how) = 0;
  /// An ephemeral event: shed where a client does not keep up. `args` is JSON text, values
  /// separated by commas, written by a serialiser.
  virtual void emit(const SocketFilter& filter, std::string_view name, std::string_view args) = 0;
};

}  // namespace rubricon::ports
