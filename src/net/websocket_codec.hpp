/// RFC 6455 frames as pure functions and a state machine on bytes: no sockets, no clock.
#pragma once

#include <rubricon/net/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace rubricon::net {

/// One encoded server frame, immutable, shared by all connections it is sent to.
using SharedFrame = std::shared_ptr<const std::string>;

inline constexpr std::uint16_t close_normal = 1000;
inline constexpr std::uint16_t close_going_away = 1001;
inline constexpr std::uint16_t close_protocol_error = 1002;
inline constexpr std::uint16_t close_unsupported_data = 1003;
inline constexpr std::uint16_t close_no_status = 1005;  ///< never on the wire: an empty close frame
inline constexpr std::uint16_t close_abnormal = 1006;   ///< never on the wire: no close frame
inline constexpr std::uint16_t close_bad_data = 1007;
inline constexpr std::uint16_t close_policy = 1008;
inline constexpr std::uint16_t close_too_large = 1009;
inline constexpr std::uint16_t close_try_again = 1013;

SharedFrame text_frame(std::string_view payload);
SharedFrame binary_frame(std::string_view payload);
/// `payload` is at most 125 bytes; more is cut.
SharedFrame pong_frame(std::string_view payload);
/// Empty for `close_no_status`; `reason` is cut to 123 bytes at a character's border.
SharedFrame close_frame(std::uint16_t code, std::string_view reason);

/// Whether a close frame may carry the code (RFC 6455 §7.4, and 1012–1014 of the registry).
bool is_valid_close_code(std::uint16_t code);

/// What a peer may send.
struct WebSocketLimits {
  std::size_t message_bytes_max = 1'000'000;  ///< of a whole message, known from frame headers
  std::size_t fragments_max = 1'024;          ///< frames of one message
};

/// What the decoder found. `payload` lives until the next call of the decoder, and no longer than
/// the bytes that were fed.
struct WebSocketInput {
  enum class Kind {
    need_more,  ///< all bytes are used up
    text,       ///< a whole message, valid UTF-8
    binary,     ///< a whole message
    ping,
    pong,
    close,   ///< `code` is 1005 when the frame was empty; `payload` is the reason
    failed,  ///< `code` is the close code to answer with
  };
  Kind kind = Kind::need_more;
  std::uint16_t code = 0;
  std::string_view payload;
};

/// Decodes what a client sends. The same bytes in pieces of any size give the same inputs. Between
/// calls it holds an unfinished message and a frame header; when idle, no heap memory.
class WebSocketDecoder {
 public:
  explicit WebSocketDecoder(WebSocketLimits limits) : limits_(limits) {}

  /// Takes the next input from the front of `bytes`, which are unmasked in place and shortened by
  /// what was used: call until `need_more`. After `failed` or `close` everything is swallowed.
  WebSocketInput next(std::span<char>& bytes);

 private:
  enum class State : std::uint8_t { header, payload, ended };

  WebSocketInput fail(std::uint16_t code);
  bool take_header(std::span<char>& bytes);
  std::uint16_t check_header();
  WebSocketInput finish_control(std::string_view payload);
  WebSocketInput finish_message(std::string_view payload);
  void unmask(std::span<char> bytes);

  WebSocketLimits limits_;
  std::uint64_t remaining_ = 0;  ///< payload bytes of the current frame still to come
  std::string message_;          ///< earlier parts of an unfinished message
  std::string control_;          ///< earlier parts of an unfinished control frame
  std::uint32_t fragments_ = 0;
  Utf8Validator utf8_;
  State state_ = State::header;
  std::uint8_t header_[14] = {};
  std::uint8_t header_size_ = 0;
  std::uint8_t mask_offset_ = 0;
  std::uint8_t message_opcode_ = 0;  ///< 0: no message has begun
};

}  // namespace rubricon::net
