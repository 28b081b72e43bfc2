#include <rubricon/gateway/close_reason.hpp>

#include <rubricon/base/assert.hpp>

namespace rubricon::gateway {

std::string_view code(CloseReason reason) {
  switch (reason) {
    case CloseReason::slow: return "slow";
    case CloseReason::overloaded: return "overloaded";
    case CloseReason::token_expired: return "token_expired";
    case CloseReason::stream_restarted: return "stream_restarted";
    case CloseReason::not_recovered: return "not_recovered";
    case CloseReason::session_revoked: return "session_revoked";
    case CloseReason::too_many_events: return "too_many_events";
    case CloseReason::too_large: return "too_large";
    case CloseReason::too_many_connections: return "too_many_connections";
  }
  base::assertion_failed("a known CloseReason", __FILE__, __LINE__);
}

ComeBack come_back(CloseReason reason) {
  switch (reason) {
    case CloseReason::slow:
    case CloseReason::overloaded:
    case CloseReason::token_expired:
    case CloseReason::stream_restarted:
    case CloseReason::not_recovered: return ComeBack::yes;
    case CloseReason::session_revoked:
    case CloseReason::too_many_events:
    case CloseReason::too_large:
    case CloseReason::too_many_connections: return ComeBack::no;
  }
  base::assertion_failed("a known CloseReason", __FILE__, __LINE__);
}

}  // namespace rubricon::gateway
