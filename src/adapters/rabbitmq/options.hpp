/// How the adapter behaves. The defaults are for production.
#pragma once

#include <rubricon/base/time.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace rubricon::rabbitmq {

struct Options {
  /// Every exchange and queue is named `<prefix>.…`, so systems can share a vhost.
  std::string prefix = "rubricon";
  /// Shown by the broker beside the connection.
  std::string connection_name = "rubricon";
  /// Whom an `amqps` broker's certificate must come from. Its name is checked too.
  std::string tls_ca_file = "/etc/ssl/certs/ca-certificates.crt";

  /// Messages waiting to be sent; a call that does not fit is refused.
  std::size_t publish_queue_max = 8'192;
  /// No further batch is sent while this many messages have no confirm.
  std::size_t unconfirmed_max = 2'048;
  /// The longest that a call waits, whatever its deadline.
  base::Milliseconds publish_timeout{30'000};

  /// What waits in the broker for one gateway, in messages and in bytes; beyond either the oldest
  /// go, and are read from the log. A message has the events of a batch in it, up to 64 KiB.
  std::int32_t gateway_queue_max = 10'000;
  std::int32_t gateway_queue_bytes_max = 64 << 20;
  /// Messages on their way to handlers: what the broker sends ahead of the acks.
  std::uint16_t events_prefetch = 1'000;
  std::uint16_t jobs_prefetch = 64;
  /// Announcements in the broker; beyond it new ones are refused.
  std::int32_t jobs_max = 100'000;
  /// How often an announcement may come back before it goes to the dead ones.
  std::int32_t delivery_limit = 20;
  std::int32_t dead_max = 10'000;

  base::Milliseconds connect_timeout{3'000};  ///< of the TCP and TLS part, and again of the login
  base::Milliseconds call_timeout{3'000};     ///< of a declaration and its like
  base::Milliseconds heartbeat{10'000};       ///< whole seconds; twice as long without a sign: dead
  /// How often a listener asks whether the broker still knows of it.
  base::Milliseconds look_every{15'000};
  base::Milliseconds reconnect_delay_min{100};
  base::Milliseconds reconnect_delay_max{2'000};
  /// What the destructor gives each thread to say good-bye before it cuts the connection.
  base::Milliseconds close_timeout{1'000};
};

}  // namespace rubricon::rabbitmq
