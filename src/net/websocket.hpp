/// An open WebSocket: whole messages in, shared frames out. Everything that is queued during one
/// step of the loop leaves in one gathered write.
#pragma once

#include <rubricon/net/websocket_codec.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace rubricon::net {

struct WebSocketOptions {
  WebSocketLimits limits;  ///< of what the peer may send
  /// `send` refuses what would go beyond.
  std::size_t send_queue_bytes_max = 1024 * 1024;
  /// `on_high_water` is called when the queue grows past this.
  std::size_t send_high_water_bytes = 256 * 1024;
  /// Pings and pongs that a peer may send in a second; more ends the connection with 1008.
  std::uint32_t control_frames_per_second_max = 32;
  /// How long a peer may take to answer our close frame (and to take what was queued before it).
  std::chrono::milliseconds close_timeout{5'000};
  /// A peer that takes nothing for this long while something is queued is dropped.
  std::chrono::milliseconds write_timeout{60'000};
};

/// How a connection ended.
struct WebSocketClosed {
  enum class Cause {
    by_peer,         ///< the peer sent a close frame
    by_us,           ///< `close` was called
    protocol_error,  ///< the peer broke the protocol or a limit; `code` is what we told it
    lost,            ///< end of file or error on the TCP connection without a close frame
    timed_out,       ///< the peer stopped taking data or did not answer our close frame
    aborted,         ///< `abort` was called, or the server's drain ran into its deadline
  };
  Cause cause = Cause::lost;
  /// RFC 6455 §7.4: what the closing side said; 1005 without a code, 1006 without a close frame.
  std::uint16_t code = 1006;

  bool operator==(const WebSocketClosed&) const = default;
};

/// Receives what happens on a connection, on its executor. Views live for the call only. Calls do
/// not nest, and none of them happens inside `send`, `close` or `abort`. An exception from one of
/// them is logged and ends the connection with 1011.
class WebSocketListener {
 public:
  virtual ~WebSocketListener() = default;

  /// Valid UTF-8.
  virtual void on_text(std::string_view payload) = 0;
  virtual void on_binary(std::string_view payload) = 0;
  /// The last call, made exactly once for each started connection.
  virtual void on_closed(WebSocketClosed how) = 0;
  /// The queue has been handed to the kernel entirely.
  virtual void on_drained() {}
  /// The queue has grown past `send_high_water_bytes`; again only after it has been empty.
  virtual void on_high_water() {}
};

/// All calls on the server's executor. After the connection has ended they do nothing.
class WebSocketConnection {
 public:
  virtual ~WebSocketConnection() = default;

  /// Begins to read. The listener is kept until `on_closed` has returned; call once.
  virtual void start(std::shared_ptr<WebSocketListener> listener) = 0;

  /// Queues a whole frame as made by `text_frame` or `binary_frame`; the same frame may be given to
  /// any number of connections. False, and nothing is queued, when the connection is closing or
  /// closed or the queue is full; a caller that may not skip the frame then closes the connection.
  virtual bool send(SharedFrame frame) = 0;

  /// Bytes accepted by `send` that the kernel has not taken yet.
  virtual std::size_t queued_bytes() const = 0;

  /// Sends what is queued, then a close frame: without code (`close_no_status`, seen as 1005) or
  /// with a code and a reason of at most 123 bytes of UTF-8. Messages that still arrive are
  /// dropped. `on_closed` follows when the peer has answered, gone, or let `close_timeout` pass.
  virtual void close(std::uint16_t code = close_no_status, std::string_view reason = {}) = 0;

  /// Drops the TCP connection without a word. `on_closed` follows in a later step.
  virtual void abort() = 0;

  /// False from `close`, `abort` or the peer's close frame on.
  virtual bool is_open() const = 0;
};

}  // namespace rubricon::net
