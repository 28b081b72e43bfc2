// Any bytes as polling bodies, WebSocket messages and query strings: the session must end at most
// once, deliver nothing after its end, and every binary message must survive being encoded again.
#include <rubricon/base/assert.hpp>
#include <rubricon/socketio/base64.hpp>
#include <rubricon/socketio/engine_packet.hpp>
#include <rubricon/socketio/engine_request.hpp>
#include <rubricon/socketio/engine_session.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace rubricon;
using namespace rubricon::socketio;
using std::chrono::milliseconds;

/// Follows the actions of a session and holds it to its word.
class Watcher {
 public:
  void check(const EngineActions& actions) {
    for (const auto& action : actions) {
      if (std::holds_alternative<SessionClosed>(action)) {
        RUBRICON_ASSERT(!closed_);
        closed_ = true;
      } else if (std::holds_alternative<SessionGone>(action)) {
        RUBRICON_ASSERT(closed_ && !gone_);
        gone_ = true;
      } else if (std::holds_alternative<DeliverText>(action) ||
                 std::holds_alternative<DeliverBinary>(action)) {
        RUBRICON_ASSERT(!closed_);
      }
    }
  }

 private:
  bool closed_ = false;
  bool gone_ = false;
};

void check_round_trip(std::string_view text) {
  const auto packet = decode_engine_packet(text);
  if (!packet || !packet->bytes) return;
  const auto again = OutboundPacket::binary(*packet->bytes);
  const auto body = encode_payload({&again, 1});
  const auto decoded = decode_engine_packet(body);
  RUBRICON_ASSERT(decoded && decoded->bytes == packet->bytes);
}

/// Each byte of `script` is one input; `body` is what the inputs that need text are given.
void drive(std::string_view script, std::string_view body) {
  const SessionLimits limits{.ping_interval = milliseconds(30),
                             .ping_timeout = milliseconds(20),
                             .upgrade_timeout = milliseconds(10),
                             .drain_timeout = milliseconds(40),
                             .packet_rate = {}};
  base::Instant now{};
  EngineSession session(limits, EngineTransport::polling, now, false);
  Watcher watcher;
  for (const char c : script) {
    EngineActions out;
    now += milliseconds(static_cast<unsigned char>(c) >> 5);
    const auto link = (c & 16) != 0 ? Link::candidate : Link::current;
    switch (c & 15) {
      case 0: (void)session.poll(out); break;
      case 1: session.poll_lost(out); break;
      case 2:
        if (session.post_begin(out)) session.post_end(body, now, out);
        break;
      case 3: (void)session.post_begin(out); break;
      case 4: session.post_failed(Reason::transport_error, out); break;
      case 5:
        if (session.can_attach()) session.attach(now);
        break;
      case 6: session.websocket_text(link, body, now, out); break;
      case 7: session.websocket_text(Link::candidate, "2probe", now, out); break;
      case 8: session.websocket_text(Link::candidate, "5", now, out); break;
      case 9: session.websocket_binary(link, body, now, out); break;
      case 10: session.websocket_lost(link, Reason::transport_close, out); break;
      case 11: session.send(OutboundPacket::text("4x"), out); break;
      case 12: session.close(Reason::forced_close, now, out); break;
      case 13: session.websocket_text(Link::current, "3", now, out); break;
      default:
        now += milliseconds(10);
        if (session.deadline() <= now) session.on_time(now, out);
    }
    watcher.check(out);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  auto rest = input;
  do {
    check_round_trip(next_in_payload(rest));
  } while (rest.data() != nullptr);
  const auto split = std::min<std::size_t>(input.find('\n'), size);
  drive(input.substr(0, split), input.substr(split == size ? size : split + 1));
  (void)check_request(Query::parse(input), {.method = "GET"}, {});
  return 0;
}
