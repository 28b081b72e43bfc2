/// One connection to the broker, owned and used by one thread (save for its Lifeline). Every
/// function throws base::Unavailable, or Refused with the broker's code, when the connection is of
/// no more use; then it can only be destroyed.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/rabbitmq/assembler.hpp>
#include <rubricon/rabbitmq/endpoint.hpp>
#include <rubricon/rabbitmq/lifeline.hpp>
#include <rubricon/rabbitmq/options.hpp>
#include <rubricon/rabbitmq/wake.hpp>

#include <amqp.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::rabbitmq {

using Channel = amqp_channel_t;

enum class Storage { transient, persistent };
enum class Routing { optional, mandatory };

/// A message to publish; the views live for the call.
struct Outgoing {
  std::string_view exchange;
  std::string_view routing_key;
  Routing routing = Routing::optional;
  Storage storage = Storage::transient;
  std::string_view type;
  std::string_view correlation;  ///< comes back with a message that found no queue
  std::string_view body;
};

struct Incoming {
  Channel channel;
  Received what;
};

class Connection {
 public:
  /// Connects and logs in, in at most twice `connect_timeout` (name resolution is the system's, and
  /// takes what it takes). `role` is added to the connection's name. `lifeline` outlives it.
  Connection(const Endpoint& endpoint, const Options& options, std::string_view role,
             Lifeline& lifeline);
  /// Drops the connection without a word.
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Says good-bye, in at most `call_timeout`. Never throws.
  void close() noexcept;

  /// A number that was not in use for long: what is on its way for a closed channel is dropped.
  [[nodiscard]] Channel open_channel();
  void close_channel(Channel channel);
  /// From now on the broker answers for every message that is published on the channel.
  void confirm(Channel channel);

  /// Sends. Waits only for the socket: while the broker does not read, for ever; see Lifeline.
  void publish(Channel channel, const Outgoing& message);
  enum class Reach { one, all_up_to };
  void ack(Channel channel, std::uint64_t tag, Reach reach);
  /// The broker delivers it again, to anybody.
  void requeue(Channel channel, std::uint64_t tag);
  /// The broker moves it to the dead of its queue, where there are such, with a header x-death.
  void reject(Channel channel, std::uint64_t tag);

  /// The next thing that the broker said; none where there is nothing yet. Never waits. Sends and
  /// checks heartbeats: must be called more often than those are due, which `wait` sees to.
  std::optional<Incoming> next();
  /// Until there is something to read, `wake` is signalled, or a heartbeat is due soon.
  void wait(const Wake& wake);

  /// For the declarations in topology.hpp.
  amqp_connection_state_t state() const { return state_; }

 private:
  void connect(const Endpoint& endpoint, const Options& options);
  void log_in(const Endpoint& endpoint, const Options& options, const std::string& name);
  static void check_status(int status, const char* what);

  amqp_connection_state_t state_;
  Lifeline& lifeline_;
  base::Milliseconds heartbeat_;
  Channel channel_last_ = 0;
  std::map<Channel, Assembler> assemblers_;
};

}  // namespace rubricon::rabbitmq
