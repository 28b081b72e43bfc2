/// What the connections of one server share. Belongs to the server's shard.
#pragma once

#include <rubricon/net/connection_registry.hpp>
#include <rubricon/net/flush_queue.hpp>
#include <rubricon/net/http_server.hpp>
#include <rubricon/net/proxy_trust.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/observability/metrics.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace rubricon::net {

struct ServerMetrics {
  explicit ServerMetrics(observability::Metrics& metrics);

  observability::Gauge& connections;
  observability::Counter& accepted;
  observability::Counter& refused_total_limit;
  observability::Counter& refused_address_limit;
  std::array<observability::Counter*, 4> responses;  ///< 2xx, 3xx, 4xx, 5xx
  observability::Counter& malformed;
  observability::Counter& timed_out;
  observability::Counter& websockets;
  observability::Counter& messages_received;
  observability::Counter& frames_sent;
  observability::Counter& writes;
  observability::Counter& sent_bytes;
};

struct ServerContext {
  ServerContext(boost::asio::any_io_executor executor_, HttpServerOptions options_,
                HttpHandler& handler_, observability::Log& log_, observability::Metrics& metrics_);

  boost::asio::any_io_executor executor;
  HttpServerOptions options;
  HttpHandler& handler;
  observability::Log& log;
  ServerMetrics metrics;
  ProxyTrust proxies;
  ConnectionRegistry registry;
  FlushQueue flushes;
  /// Where bytes arrive before they are looked at; used up before the next suspension point, so
  /// one serves all connections and an idle connection holds none.
  std::array<char, 64 * 1024> scratch;
  std::string date;  ///< value of the Date field, or empty
  bool draining = false;
  std::uint64_t traces = 0;  ///< made without `HttpServerOptions::random`

  void count_response(unsigned status);
  /// 32 hexadecimal digits: of the client's `traceparent` header where it is a valid one, else new.
  std::string trace_id(std::string_view traceparent);
};

}  // namespace rubricon::net
