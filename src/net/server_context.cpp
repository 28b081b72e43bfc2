#include <rubricon/net/server_context.hpp>

#include <rubricon/observability/trace_context.hpp>

#include <cstring>

namespace rubricon::net {

ServerMetrics::ServerMetrics(observability::Metrics& metrics)
    : connections(metrics.gauge("rubricon_net_connections", "Open TCP connections")),
      accepted(
          metrics.counter("rubricon_net_connections_accepted_total", "TCP connections accepted")),
      refused_total_limit(metrics.counter("rubricon_net_connections_refused_total",
                                          "TCP connections closed at once, by limit",
                                          {{"limit", "connections"}})),
      refused_address_limit(metrics.counter("rubricon_net_connections_refused_total",
                                            "TCP connections closed at once, by limit",
                                            {{"limit", "connections_per_address"}})),
      responses{},
      malformed(metrics.counter("rubricon_net_requests_malformed_total",
                                "Requests refused before a handler saw them")),
      timed_out(metrics.counter("rubricon_net_timeouts_total",
                                "Connections closed because the peer was too slow")),
      websockets(metrics.counter("rubricon_net_websockets_opened_total", "WebSockets accepted")),
      messages_received(metrics.counter("rubricon_net_websocket_messages_received_total",
                                        "WebSocket messages received")),
      frames_sent(metrics.counter("rubricon_net_websocket_frames_sent_total",
                                  "WebSocket frames handed to the kernel")),
      writes(metrics.counter("rubricon_net_websocket_writes_total",
                             "System calls that sent WebSocket frames")),
      sent_bytes(metrics.counter("rubricon_net_websocket_sent_bytes_total",
                                 "Bytes of WebSocket frames handed to the kernel")) {
  constexpr std::array classes = {"2xx", "3xx", "4xx", "5xx"};
  for (std::size_t i = 0; i < classes.size(); ++i) {
    responses[i] = &metrics.counter("rubricon_net_http_responses_total",
                                    "HTTP responses by status class", {{"class", classes[i]}});
  }
}

ServerContext::ServerContext(boost::asio::any_io_executor executor_, HttpServerOptions options_,
                             HttpHandler& handler_, observability::Log& log_,
                             observability::Metrics& metrics_)
    : executor(executor_),
      options(std::move(options_)),
      handler(handler_),
      log(log_),
      metrics(metrics_),
      proxies(options.trusted_proxies),
      registry({.connections = options.limits.connections,
                .connections_per_address = options.limits.connections_per_address},
               metrics.connections),
      flushes(std::move(executor_)) {}

void ServerContext::count_response(unsigned status) {
  if (status >= 200 && status < 600) metrics.responses[status / 100 - 2]->add();
}

std::string ServerContext::trace_id(std::string_view traceparent) {
  using observability::TraceContext;
  if (const auto theirs = TraceContext::parse(traceparent)) return theirs->trace_id_text();
  std::array<std::uint8_t, 24> random{};
  if (options.random) {
    options.random(random);
  } else {
    ++traces;
    std::memcpy(random.data(), &traces, sizeof traces);
  }
  return TraceContext::create(random, false).trace_id_text();
}

}  // namespace rubricon::net
