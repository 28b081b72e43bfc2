/// Strict parsing of HTTP/1.1 request heads. Where RFC 9112 lets a recipient guess, and two
/// recipients could guess differently (request smuggling), this one refuses.
#pragma once

#include <rubricon/net/http_types.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>

namespace rubricon::net {

/// A refusal: the status to answer with and the `code` of the problem document.
struct HttpRefusal {
  unsigned status = 400;
  std::string_view code;
  bool operator==(const HttpRefusal&) const = default;
};

struct HttpParserLimits {
  std::size_t head_bytes = 16 * 1024;
  std::size_t target_bytes = 8 * 1024;
  std::size_t header_count = 100;
};

enum class BodyFraming { none, length, chunked };

struct ParsedHead {
  HttpHead head;  ///< without `remote_address` and `secure`, which the connection knows
  BodyFraming framing = BodyFraming::none;
  std::uint64_t content_length = 0;  ///< with BodyFraming::length
  bool expects_continue = false;
};

/// Size of the head at the front of `bytes`, its empty line included, or 0 when its end has not
/// come yet. `scanned` remembers how far earlier calls have looked (0 at first), so that a head in
/// many pieces costs linear time. Refuses as soon as it can: a line feed without carriage return, a
/// first byte that begins no method, more bytes than the limit.
std::expected<std::size_t, HttpRefusal> find_head_end(std::string_view bytes, std::size_t& scanned,
                                                      const HttpParserLimits& limits);

/// Parses a head as delimited by `find_head_end`. Refused with 400 and more: anything but single
/// spaces in the request line, a version other than 1.0 and 1.1 (505), folded lines, white space
/// before a colon, control characters, not exactly one Host (1.1), Content-Length that is repeated
/// or no number, Transfer-Encoding other than one "chunked", both of these, or in HTTP/1.0; targets
/// that are not origin, absolute or asterisk form, and paths that `decode_path` refuses.
std::expected<ParsedHead, HttpRefusal> parse_head(std::string_view head,
                                                  const HttpParserLimits& limits);

/// `HttpHead::path` of a raw path; nothing when it is not safe (http_types.hpp says what is).
std::optional<std::string> decode_path(std::string_view raw);

/// RFC 9110 §5.6.2.
bool is_token(std::string_view text);
/// A field value without characters that could break the framing: no control character but tab.
bool is_field_value(std::string_view text);

}  // namespace rubricon::net
