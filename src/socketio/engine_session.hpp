/// One Engine.IO session as a machine: what happens to it goes in with the time, what is to be done
/// comes out as actions. It holds no socket, no clock and no timer.
///
/// The caller performs the actions in order, and calls `on_time` when `deadline` has come. A
/// session speaks by polling or by WebSocket, one at a time; during an upgrade a second WebSocket,
/// the candidate, is attached beside polling.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/socketio/engine_packet.hpp>
#include <rubricon/socketio/engine_request.hpp>
#include <rubricon/socketio/outbound.hpp>
#include <rubricon/socketio/reason.hpp>
#include <rubricon/socketio/token_bucket.hpp>

#include <boost/container/small_vector.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rubricon::socketio {

struct SessionLimits {
  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  std::chrono::milliseconds upgrade_timeout{10'000};
  /// How long a closing session waits for the poll that takes what is left.
  std::chrono::milliseconds drain_timeout{30'000};
  Rate packet_rate;
};

enum class Link { current, candidate };

/// Answer the pending GET with these packets.
struct AnswerPoll {
  std::vector<OutboundPacket> packets;
};
/// Drop the connection of the POST whose body is being read.
struct AbortPost {};
struct SendFrame {
  Link link = Link::current;
  OutboundPacket packet;
};
/// Close after what was sent; `close_code` says with which code.
struct CloseWebSocket {
  Link link = Link::current;
  Reason reason = Reason::transport_close;
};
/// The candidate has become the current WebSocket.
struct Promote {};
/// A message from the client; the view lives as long as what was passed in.
struct DeliverText {
  std::string_view text;
};
struct DeliverBinary {
  std::string bytes;
};
/// Nothing will be delivered or accepted any more. Made once.
struct SessionClosed {
  Reason reason;
};
/// The session may be forgotten: no request can reach it. Made once, never before `SessionClosed`.
struct SessionGone {};

using EngineAction = std::variant<AnswerPoll, AbortPost, SendFrame, CloseWebSocket, Promote,
                                  DeliverText, DeliverBinary, SessionClosed, SessionGone>;
using EngineActions = boost::container::small_vector<EngineAction, 2>;

class EngineSession {
 public:
  /// `limits` outlives the session. The first packet, the open packet, is the first `send`. With
  /// `base64_only` binary messages leave as `b` and base64 on WebSockets, too.
  EngineSession(const SessionLimits& limits, EngineTransport transport, base::Instant now,
                bool base64_only);

  EngineTransport transport() const { return transport_; }
  bool open() const { return phase_ == Phase::open; }
  /// Bytes that wait for a poll or for the end of an upgrade, and a constant for each packet.
  std::size_t queued_bytes() const { return queued_bytes_; }
  /// Whether what is sent now leaves now, as far as the session knows (a WebSocket may be slow).
  bool writable() const { return transport_ == EngineTransport::websocket || poll_pending_; }
  bool poll_pending() const { return poll_pending_; }

  /// The instant at which `on_time` has work; changes with every input.
  base::Instant deadline() const;
  void on_time(base::Instant now, EngineActions& out);

  /// A GET. If true it is the pending one, to be answered by `AnswerPoll`; if false it is to be
  /// answered 400 (the session ends when another was pending).
  [[nodiscard]] bool poll(EngineActions& out);
  /// The pending GET's connection is gone.
  void poll_lost(EngineActions& out);

  /// A POST begins. If false it is to be answered 400, and the session ends. If true, exactly one
  /// of the next three follows.
  [[nodiscard]] bool post_begin(EngineActions& out);
  /// Its whole body, valid UTF-8. To be answered 200 "ok", whatever the packets say.
  void post_end(std::string_view body, base::Instant now, EngineActions& out);
  /// Its body was too long. The session lives on.
  void post_too_large();
  /// Its body is unreadable or incomplete, or is of a type that cannot be.
  void post_failed(Reason reason, EngineActions& out);

  /// Whether a WebSocket may be attached as candidate.
  bool can_attach() const;
  void attach(base::Instant now);
  void websocket_text(Link link, std::string_view text, base::Instant now, EngineActions& out);
  void websocket_binary(Link link, std::string_view bytes, base::Instant now, EngineActions& out);
  /// The WebSocket has ended by itself; `reason` matters for the current one.
  void websocket_lost(Link link, Reason reason, EngineActions& out);

  /// Whether `send` would do no more than give the packet to the current WebSocket as it is.
  bool passes_through(const OutboundPacket& packet) const {
    return open() && transport_ == EngineTransport::websocket && !held() &&
           !(base64_only_ && packet.is_binary());
  }
  /// False, and nothing is sent, when the session is not open. Order is kept across an upgrade.
  bool send(const OutboundPacket& packet, EngineActions& out);
  /// What is sent to a WebSocket from now on waits until then, in order; what was sent before goes
  /// ahead alone. Polling takes no notice.
  void hold(base::Instant until);
  /// The server ends the session; what was sent before still reaches a client that takes it.
  void close(Reason reason, base::Instant now, EngineActions& out);

 private:
  enum class Phase : std::uint8_t { open, draining, closed };
  enum class Upgrade : std::uint8_t { none, attached, probed };
  enum class Heartbeat : std::uint8_t { idle, waiting, extended };

  void receive(std::string_view text, base::Instant now, EngineActions& out);
  void receive_message(EnginePacket packet, EngineActions& out);
  bool admit(base::Instant now, EngineActions& out);
  void heard(EngineType type, base::Instant now);
  void heartbeat(base::Instant now, EngineActions& out);
  bool held() const { return held_until_ != base::Instant::min(); }
  void release(EngineActions& out);
  void probe(std::string_view text, base::Instant now, EngineActions& out);
  void switch_transport(base::Instant now, EngineActions& out);
  void drop_candidate(EngineActions& out);
  void drain_to_candidate(EngineActions& out);
  void answer_poll(const OutboundPacket& packet, EngineActions& out);
  void flush(EngineActions& out);
  /// Ends at once. A pending GET gets `last`.
  void end(Reason reason, const OutboundPacket& last, EngineActions& out);
  void go(EngineActions& out);

  const SessionLimits* limits_;
  std::vector<OutboundPacket> queue_;
  std::size_t queued_bytes_ = 0;
  base::Instant heartbeat_at_;  ///< of the next ping, or of the end of waiting for a pong
  base::Instant phase_until_;   ///< of an upgrade or of draining
  base::Instant held_until_ = base::Instant::min();
  TokenBucket bucket_;
  EngineTransport transport_;
  Phase phase_ = Phase::open;
  Upgrade upgrade_ = Upgrade::none;
  Heartbeat heartbeat_ = Heartbeat::idle;
  bool poll_pending_ = false;
  bool post_pending_ = false;
  bool base64_only_ = false;
};

}  // namespace rubricon::socketio
