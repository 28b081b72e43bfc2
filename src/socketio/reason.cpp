#include <rubricon/socketio/reason.hpp>

namespace rubricon::socketio {

const char* to_string(Reason reason) noexcept {
  switch (reason) {
    case Reason::transport_close: return "transport close";
    case Reason::transport_error: return "transport error";
    case Reason::ping_timeout: return "ping timeout";
    case Reason::parse_error: return "parse error";
    case Reason::forced_close: return "forced close";
    case Reason::forced_server_close: return "forced server close";
    case Reason::client_namespace_disconnect: return "client namespace disconnect";
    case Reason::server_namespace_disconnect: return "server namespace disconnect";
    case Reason::server_shutting_down: return "server shutting down";
    case Reason::slow_consumer: return "slow consumer";
    case Reason::rate_limit: return "rate limit";
  }
  return "unknown";
}

std::uint16_t close_code(Reason reason) noexcept {
  if (reason == Reason::slow_consumer) return 1013;
  if (reason == Reason::rate_limit) return 1008;
  return 1005;
}

}  // namespace rubricon::socketio
