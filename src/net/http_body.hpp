/// The body of a request as it comes from the wire, by length or by chunks.
#pragma once

#include <rubricon/net/http_parser.hpp>

#include <cstdint>
#include <string_view>

namespace rubricon::net {

/// Takes a body out of the bytes that follow its head. Bytes after the body stay untouched: they
/// are the next request. Chunk extensions and trailers are checked and dropped; both are bounded.
class BodyDecoder {
 public:
  enum class Status {
    need_more,  ///< everything was used
    data,       ///< a piece of the body
    done,       ///< the body has ended; further calls say so again
    failed,     ///< the chunked coding is broken; further calls say so again
  };
  struct Output {
    Status status = Status::need_more;
    std::string_view data;  ///< part of what was fed
  };

  BodyDecoder() = default;
  BodyDecoder(BodyFraming framing, std::uint64_t content_length);

  /// Takes the next output from the front of `bytes`.
  Output next(std::string_view& bytes);

  bool done() const { return state_ == State::done; }
  /// Bytes still to come: exact with a length, of the current chunk otherwise.
  std::uint64_t remaining() const { return remaining_; }

 private:
  enum class State : std::uint8_t {
    fixed,
    size,
    extension,
    size_line_feed,
    chunk,
    chunk_return,
    chunk_line_feed,
    trailer_start,
    trailer,
    trailer_line_feed,
    last_line_feed,
    done,
    failed,
  };

  Output take_data(std::string_view& bytes);
  State step(char c);
  State step_size(char c);
  State step_trailer(char c);

  std::uint64_t remaining_ = 0;
  std::uint32_t overhead_ = 0;  ///< bytes of extensions and trailers so far
  std::uint8_t size_digits_ = 0;
  State state_ = State::done;
};

}  // namespace rubricon::net
