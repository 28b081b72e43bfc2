/// A WebSocket on a TCP socket: the thin shell around the codec. Internal to net.
#pragma once

#include <rubricon/net/server_context.hpp>
#include <rubricon/net/websocket.hpp>
#include <rubricon/net/websocket_codec.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rubricon::net {

/// Kept alive by its user, by its waits on the socket and by a flush that is due. A wait for input
/// is outstanding from `start` until `on_closed` was called, and in the end until the close
/// handshake is over.
class TcpWebSocket final : public WebSocketConnection,
                           public ConnectionRegistry::Member,
                           public FlushQueue::Target,
                           public std::enable_shared_from_this<TcpWebSocket> {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  /// `received`: what came after the handshake.
  TcpWebSocket(std::shared_ptr<ServerContext> context, Socket socket,
               ConnectionRegistry::Place place, const WebSocketOptions& options,
               std::string received);

  /// Queues the 101.
  void send_handshake(std::string head);

  void start(std::shared_ptr<WebSocketListener> listener) override;
  bool send(SharedFrame frame) override;
  std::size_t queued_bytes() const override { return queued_bytes_; }
  void close(std::uint16_t code, std::string_view reason) override;
  void abort() override;
  bool is_open() const override { return state_ == State::open; }

 private:
  using Cause = WebSocketClosed::Cause;
  enum class State : std::uint8_t {
    open,
    closing,   ///< our close frame is queued or sent, the peer's is awaited
    ending,    ///< the listener has been told; what is queued goes out, then the socket closes
    finished,  ///< the socket is closed
  };

  void on_tick(LoopTime now) override;
  void on_draining() override {}
  void drop() override { abort(); }
  void flush() override;
  const void* newest() const override { return queue_.empty() ? nullptr : queue_.back().get(); }
  bool rises_above_high_water() const;

  void wait_for_input();
  void input_ready();
  void continue_reading();
  void take(std::span<char> bytes);
  void take_input(const WebSocketInput& input);
  void take_control(const WebSocketInput& input);
  void drop_unsent();

  void enqueue(SharedFrame frame);
  void write_queued();
  std::size_t write_some(boost::system::error_code& error);
  void written(std::size_t size);
  void wait_for_room();
  void all_written();

  void arm(LoopTime duration);
  void end(WebSocketClosed how);
  void finish(WebSocketClosed how);
  void tell_closed();
  template <typename Call>
  void notify(Call call);

  std::shared_ptr<ServerContext> context_;
  std::optional<ConnectionRegistry::Place> place_;  ///< given back when the socket is closed
  Socket socket_;
  std::shared_ptr<WebSocketListener> listener_;
  WebSocketDecoder decoder_;
  std::string received_;

  std::vector<SharedFrame> queue_;
  std::size_t first_ = 0;       ///< index of the first frame that is not sent entirely
  std::size_t first_sent_ = 0;  ///< bytes of it that are sent
  std::size_t queued_bytes_ = 0;
  std::size_t queue_bytes_max_;
  std::size_t high_water_bytes_;
  std::uint32_t control_frames_max_;
  std::uint32_t control_frames_ = 0;  ///< in the second that began at `control_since_`

  std::optional<LoopTime> deadline_;
  LoopTime close_timeout_;
  LoopTime write_timeout_;
  LoopTime control_since_{0};
  WebSocketClosed ended_;  ///< how, once it is known
  State state_ = State::open;
  bool flush_due_ = false;
  bool room_awaited_ = false;  ///< the kernel's buffer is full
  bool above_high_water_ = false;
};

}  // namespace rubricon::net
