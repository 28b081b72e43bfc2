#include <rubricon/net/tcp_websocket.hpp>

#include <rubricon/base/assert.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

namespace rubricon::net {
namespace asio = boost::asio;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t buffers_max = 64;  // what Asio passes to one sendmsg
constexpr int reads_max = 4;             // before other connections get their turn
constexpr std::uint16_t close_internal_error = 1011;

}  // namespace

TcpWebSocket::TcpWebSocket(std::shared_ptr<ServerContext> context, Socket socket,
                           ConnectionRegistry::Place place, const WebSocketOptions& options,
                           std::string received)
    : context_(std::move(context)),
      place_(std::move(place)),
      socket_(std::move(socket)),
      decoder_(options.limits),
      received_(std::move(received)),
      queue_bytes_max_(options.send_queue_bytes_max),
      high_water_bytes_(options.send_high_water_bytes),
      control_frames_max_(options.control_frames_per_second_max),
      close_timeout_(options.close_timeout),
      write_timeout_(options.write_timeout) {
  place_->occupy(*this);
  place_->want_no_ticks();
}

void TcpWebSocket::send_handshake(std::string head) {
  enqueue(std::make_shared<const std::string>(std::move(head)));
}

void TcpWebSocket::start(std::shared_ptr<WebSocketListener> listener) {
  RUBRICON_ASSERT(listener && !listener_);
  listener_ = std::move(listener);
  if (received_.empty() && state_ != State::finished) {
    wait_for_input();
    return;
  }
  asio::post(context_->executor, [self = shared_from_this()] {
    auto received = std::exchange(self->received_, {});
    self->take(received);
    self->continue_reading();
  });
}

bool TcpWebSocket::send(SharedFrame frame) {
  if (state_ != State::open || queued_bytes_ + frame->size() > queue_bytes_max_) return false;
  enqueue(std::move(frame));
  return true;
}

void TcpWebSocket::close(std::uint16_t code, std::string_view reason) {
  if (state_ != State::open) return;
  state_ = State::closing;
  ended_ = {.cause = Cause::by_us, .code = code};
  enqueue(close_frame(code, reason));
  arm(close_timeout_);
}

void TcpWebSocket::abort() {
  finish({.cause = Cause::aborted});
}

void TcpWebSocket::on_tick(LoopTime now) {
  if (!deadline_ || now < *deadline_) return;
  context_->metrics.timed_out.add();
  finish({.cause = Cause::timed_out});
}

void TcpWebSocket::wait_for_input() {
  socket_.async_wait(Socket::wait_read,
                     [self = shared_from_this()](error_code) { self->input_ready(); });
}

void TcpWebSocket::input_ready() {
  for (int reads = 0; reads < reads_max && state_ != State::finished; ++reads) {
    error_code error;
    auto& scratch = context_->scratch;
    const auto size = socket_.read_some(asio::buffer(scratch), error);
    if (error == asio::error::would_block) break;
    if (error) {
      finish(state_ == State::closing ? ended_ : WebSocketClosed{.cause = Cause::lost});
      break;
    }
    take(std::span(scratch).first(size));
    if (size < scratch.size()) break;
  }
  continue_reading();
}

void TcpWebSocket::continue_reading() {
  if (state_ != State::finished) return wait_for_input();
  tell_closed();
  place_.reset();
}

void TcpWebSocket::take(std::span<char> bytes) {
  while (state_ == State::open || state_ == State::closing) {
    const auto input = decoder_.next(bytes);
    if (input.kind == WebSocketInput::Kind::need_more) return;
    take_input(input);
  }
}

void TcpWebSocket::take_input(const WebSocketInput& input) {
  using Kind = WebSocketInput::Kind;
  const bool heard = state_ == State::open;
  switch (input.kind) {
    case Kind::need_more: return;
    case Kind::text:
    case Kind::binary:
      if (!heard) return;
      context_->metrics.messages_received.add();
      return notify([&input](WebSocketListener& listener) {
        if (input.kind == Kind::text) {
          listener.on_text(input.payload);
        } else {
          listener.on_binary(input.payload);
        }
      });
    case Kind::ping:
    case Kind::pong: return take_control(input);
    case Kind::close:
      if (!heard) return finish(ended_);
      drop_unsent();
      return end({.cause = Cause::by_peer, .code = input.code});
    case Kind::failed: return end({.cause = Cause::protocol_error, .code = input.code});
  }
}

void TcpWebSocket::take_control(const WebSocketInput& input) {
  const auto now = context_->registry.now();
  if (now - control_since_ >= 1s) {
    control_since_ = now;
    control_frames_ = 0;
  }
  if (++control_frames_ > control_frames_max_) {
    return end({.cause = Cause::protocol_error, .code = close_policy});
  }
  // A peer that does not read its answers gets no more of them.
  const bool wanted = input.kind == WebSocketInput::Kind::ping && state_ == State::open;
  if (wanted && queued_bytes_ < high_water_bytes_) enqueue(pong_frame(input.payload));
}

/// Forgets what is queued, except the rest of a frame that has begun to leave.
void TcpWebSocket::drop_unsent() {
  const std::size_t kept = first_ + (first_sent_ > 0 ? 1 : 0);
  if (kept >= queue_.size()) return;
  for (std::size_t i = kept; i < queue_.size(); ++i) queued_bytes_ -= queue_[i]->size();
  queue_.resize(kept);
}

void TcpWebSocket::enqueue(SharedFrame frame) {
  queued_bytes_ += frame->size();
  queue_.push_back(std::move(frame));
  // While the kernel takes nothing, a flush only tells the listener of the high water.
  if (flush_due_ || (room_awaited_ && !rises_above_high_water())) return;
  flush_due_ = true;
  context_->flushes.add(shared_from_this());
}

void TcpWebSocket::flush() {
  flush_due_ = false;
  if (!room_awaited_ && state_ != State::finished) write_queued();
  if (!rises_above_high_water()) return;
  above_high_water_ = true;
  notify([](WebSocketListener& listener) { listener.on_high_water(); });
}

bool TcpWebSocket::rises_above_high_water() const {
  return state_ == State::open && !above_high_water_ && queued_bytes_ > high_water_bytes_;
}

void TcpWebSocket::write_queued() {
  while (first_ < queue_.size()) {
    error_code error;
    const auto size = write_some(error);
    if (error == asio::error::would_block) {
      wait_for_room();
      break;
    }
    if (error) {
      return finish(state_ == State::closing ? ended_ : WebSocketClosed{.cause = Cause::lost});
    }
    context_->metrics.writes.add();
    context_->metrics.sent_bytes.add(size);
    written(size);
  }
  if (first_ == queue_.size()) all_written();
}

/// As much as the kernel takes of what is queued, in one call; mostly there is one frame.
std::size_t TcpWebSocket::write_some(error_code& error) {
  const auto first = asio::buffer(*queue_[first_]) + first_sent_;
  const auto count = std::min(queue_.size() - first_, buffers_max);
  if (count == 1) return socket_.write_some(first, error);
  std::array<asio::const_buffer, buffers_max> buffers;
  buffers[0] = first;
  for (std::size_t i = 1; i < count; ++i) buffers[i] = asio::buffer(*queue_[first_ + i]);
  return socket_.write_some(std::span(buffers).first(count), error);
}

void TcpWebSocket::written(std::size_t size) {
  queued_bytes_ -= size;
  while (size > 0) {
    const auto rest = queue_[first_]->size() - first_sent_;
    if (size < rest) {
      first_sent_ += size;
      break;
    }
    size -= rest;
    first_sent_ = 0;
    queue_[first_++].reset();
    context_->metrics.frames_sent.add();
  }
  if (first_ >= buffers_max && first_ * 2 >= queue_.size()) {
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
  if (state_ == State::open && deadline_) arm(write_timeout_);
}

void TcpWebSocket::wait_for_room() {
  room_awaited_ = true;
  if (!deadline_) arm(write_timeout_);
  socket_.async_wait(Socket::wait_write, [self = shared_from_this()](error_code) {
    self->room_awaited_ = false;
    if (self->state_ != State::finished) self->write_queued();
  });
}

void TcpWebSocket::all_written() {
  queue_.clear();
  if (queue_.capacity() > buffers_max) queue_.shrink_to_fit();
  first_ = 0;
  above_high_water_ = false;
  error_code ignored;
  switch (state_) {
    case State::open:
      deadline_.reset();
      place_->want_no_ticks();
      return notify([](WebSocketListener& listener) { listener.on_drained(); });
    case State::closing:
      if (!listener_) finish(ended_);  // never started: nobody reads the peer's answer
      return;
    case State::ending:
      // A peer that has sent its close frame awaits the end of the connection. Another one may
      // have sent what was not read, and closing on that would take our close frame back.
      if (ended_.cause == Cause::by_peer) return finish(ended_);
      socket_.shutdown(Socket::shutdown_send, ignored);
      return;
    case State::finished: return;
  }
}

void TcpWebSocket::arm(LoopTime duration) {
  deadline_ = context_->registry.now() + duration;
  place_->want_ticks();
}

/// Over, because of what the peer did: the listener hears it now, the peer gets a close frame.
void TcpWebSocket::end(WebSocketClosed how) {
  if (state_ == State::closing) return finish(ended_);
  if (state_ != State::open) return;
  state_ = State::ending;
  ended_ = how;
  enqueue(close_frame(how.code, {}));
  arm(close_timeout_);
  tell_closed();
}

/// Closes the socket. A wait for input, where there is one, ends by that and tells the listener.
void TcpWebSocket::finish(WebSocketClosed how) {
  if (state_ == State::finished) return;
  if (state_ != State::ending) ended_ = how;
  state_ = State::finished;
  deadline_.reset();
  error_code ignored;
  socket_.close(ignored);
  queue_.clear();
  first_ = first_sent_ = queued_bytes_ = 0;
  if (!listener_) place_.reset();
}

void TcpWebSocket::tell_closed() {
  if (!listener_) return;
  notify([this](WebSocketListener& listener) { listener.on_closed(ended_); });
  listener_.reset();
}

/// What a listener throws must not end the loop for all others.
template <typename Call>
void TcpWebSocket::notify(Call call) {
  if (!listener_) return;
  try {
    call(*listener_);
  } catch (const std::exception& error) {
    context_->log.repeated(observability::Level::error, "net.websocket_listener_failed",
                           {{"error.message", error.what()}});
    end({.cause = Cause::protocol_error, .code = close_internal_error});
  }
}

}  // namespace rubricon::net
