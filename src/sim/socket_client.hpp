/// A Socket.IO client on a `Wire`, as far as Rubricon's own client uses one: connect, events, acks,
/// heartbeat. Reconnecting is its owner's business.
#pragma once

#include <rubricon/base/task.hpp>
#include <rubricon/base/timer.hpp>
#include <rubricon/net/deferred.hpp>
#include <rubricon/sim/loop.hpp>
#include <rubricon/sim/network.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace rubricon::sim {

/// Null where none came: the socket is down or slow.
using Ack = std::optional<boost::json::value>;

struct SocketHooks {
  std::function<void()> connected;
  std::function<void(std::string code)> refused;
  std::function<void()> disconnected;  ///< also instead of `connected`
  std::function<void(std::string_view name, const boost::json::object& payload)> event;
};

class SocketClient {
 public:
  SocketClient(Loop& loop, Network& network, const Link& link, SocketHooks hooks);
  ~SocketClient() { drop(); }
  SocketClient(const SocketClient&) = delete;
  SocketClient& operator=(const SocketClient&) = delete;

  void connect(std::string token);
  bool connected() const { return connected_; }
  /// Without a word to the hooks.
  void drop();
  /// The network breaks the connection.
  void break_off();

  /// `seen` hears the ack at once, before anything that follows it on the wire.
  using AckSeen = std::function<void(const boost::json::value&)>;
  base::Task<Ack> request(std::string name, boost::json::value payload, AckSeen seen);

 private:
  void opened(std::shared_ptr<Wire> wire);
  void received(std::string_view text);
  void packet(std::string_view text);
  void lost();
  void expect_ping(base::Milliseconds within);
  void fail_acks();

  Loop& loop_;
  Network& network_;
  const Link& link_;
  SocketHooks hooks_;
  std::string token_;
  std::shared_ptr<Wire> wire_;
  std::shared_ptr<int> attempt_;  ///< lives while the answer to its dial is wanted; anew with each
  bool connected_ = false;
  base::Milliseconds patience_{45'000};
  base::Timer heartbeat_;
  std::uint64_t last_ack_ = 0;
  struct Waiting {
    net::Deferred<Ack> answer;
    AckSeen seen;
  };
  std::map<std::uint64_t, Waiting> acks_;
};

}  // namespace rubricon::sim
