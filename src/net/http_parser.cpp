#include <rubricon/net/http_parser.hpp>

#include <rubricon/net/utf8.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace rubricon::net {
namespace {

constexpr std::size_t method_size_max = 32;

/// Which bytes may be in something.
using ByteSet = std::array<bool, 256>;

constexpr ByteSet make_token_set() {
  ByteSet set{};
  for (int c = '0'; c <= '9'; ++c) set[c] = true;
  for (int c = 'A'; c <= 'Z'; ++c) set[c] = set[c + ('a' - 'A')] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~"))
    set[static_cast<unsigned char>(c)] = true;
  return set;
}

constexpr ByteSet make_host_set() {
  ByteSet set{};
  for (int c = 0x21; c < 0x7F; ++c) set[c] = true;
  for (const char c : std::string_view("/\\@?#\"<>{}|^`"))
    set[static_cast<unsigned char>(c)] = false;
  return set;
}

constexpr auto token_set = make_token_set();
constexpr auto host_set = make_host_set();

bool is_token_char(char c) {
  return token_set[static_cast<unsigned char>(c)];
}

bool is_visible_ascii(char c) {
  return c > 0x20 && c < 0x7F;
}

/// What a step of the parsing found wrong, if anything.
using Refusal = std::optional<HttpRefusal>;

HttpRefusal refuse(std::string_view code, unsigned status = 400) {
  return {.status = status, .code = code};
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Takes one line without its CRLF; `find_head_end` has made sure that each LF has its CR.
std::string_view take_line(std::string_view& rest) {
  const auto feed = std::min(rest.find('\n'), rest.size());
  auto line = rest.substr(0, feed);
  if (line.ends_with('\r')) line.remove_suffix(1);
  rest.remove_prefix(std::min(feed + 1, rest.size()));
  return line;
}

Refusal parse_version(std::string_view text, int& version_minor) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() != 8 || !text.starts_with("HTTP/") || text[6] != '.' || !digit(text[5]) ||
      !digit(text[7])) {
    return refuse("malformed_request_line");
  }
  if (text[5] != '1' || text[7] > '1') return refuse("unsupported_version", 505);
  version_minor = text[7] - '0';
  return {};
}

/// The origin-form of an absolute-form target (RFC 9112 §3.2.2), other targets as they are.
std::string_view without_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equals_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const auto end = target.find_first_of("/?");
    return end == std::string_view::npos ? "/" : target.substr(end);
  }
  return target;
}

Refusal parse_target(std::string_view target, HttpHead& head) {
  if (!std::ranges::all_of(target, is_visible_ascii) || target.contains('#')) {
    return refuse("malformed_target");
  }
  head.target = target;
  if (target == "*" && head.method == "OPTIONS") {
    head.path = "*";
    return {};
  }
  const auto origin = without_authority(target);
  const auto mark = origin.find('?');
  const auto raw_path = origin.substr(0, mark);
  if (mark != std::string_view::npos) head.query = origin.substr(mark + 1);
  auto path = decode_path(raw_path.empty() && origin.size() < target.size() ? "/" : raw_path);
  if (!path) return refuse("malformed_target");
  head.path = *std::move(path);
  return {};
}

Refusal parse_request_line(std::string_view line, HttpHead& head, const HttpParserLimits& limits) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return refuse("malformed_request_line");
  const auto method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  if (!is_token(method) || method.size() > method_size_max) return refuse("malformed_request_line");
  if (target.size() > limits.target_bytes) return refuse("target_too_long", 414);
  if (const auto refusal = parse_version(line.substr(last + 1), head.version_minor)) return refusal;
  head.method = method;
  return parse_target(target, head);
}

Refusal parse_fields(std::string_view rest, HttpHeaders& headers, const HttpParserLimits& limits) {
  constexpr std::size_t usual = 16;
  headers.reserve(usual);
  while (!rest.empty()) {
    const auto line = take_line(rest);
    if (line.empty()) return {};
    const auto colon = line.find(':');
    // A folded line begins with white space, which no name does.
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
      return refuse("malformed_header");
    }
    const auto value = trim(line.substr(colon + 1));
    if (!is_field_value(value)) return refuse("malformed_header");
    if (headers.size() == limits.header_count) return refuse("too_many_headers", 431);
    headers.add(std::string(line.substr(0, colon)), std::string(value));
  }
  return {};
}

bool is_host(std::string_view host) {
  return std::ranges::all_of(host, [](char c) { return host_set[static_cast<unsigned char>(c)]; });
}

Refusal check_host(const HttpHead& head) {
  const auto count = head.headers.count("Host");
  if (count > 1 || (count == 0 && head.version_minor == 1)) return refuse("malformed_host");
  if (!is_host(head.headers.get("Host").value_or(""))) return refuse("malformed_host");
  return {};
}

Refusal decide_framing(ParsedHead& parsed) {
  const auto& headers = parsed.head.headers;
  const auto codings = headers.count("Transfer-Encoding");
  const auto lengths = headers.count("Content-Length");
  if (codings > 0) {
    const bool is_chunked = equals_ignoring_case(*headers.get("Transfer-Encoding"), "chunked");
    if (codings > 1 || lengths > 0 || !is_chunked || parsed.head.version_minor == 0) {
      return refuse("malformed_transfer_encoding");
    }
    parsed.framing = BodyFraming::chunked;
  } else if (lengths > 0) {
    const auto text = *headers.get("Content-Length");
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), parsed.content_length);
    // from_chars takes a number without sign or space; what follows it must be nothing.
    if (lengths > 1 || error != std::errc() || end != text.data() + text.size() ||
        text.size() > 18) {
      return refuse("malformed_content_length");
    }
    parsed.framing = BodyFraming::length;
  }
  return {};
}

Refusal decide_connection(ParsedHead& parsed) {
  auto& head = parsed.head;
  const bool close = head.headers.has_token("Connection", "close");
  const bool keep = head.headers.has_token("Connection", "keep-alive");
  head.keep_alive = !close && (head.version_minor == 1 || keep);
  if (const auto expect = head.header("Expect"); expect && head.version_minor == 1) {
    if (!equals_ignoring_case(*expect, "100-continue")) return refuse("unknown_expectation", 417);
    parsed.expects_continue = parsed.framing != BodyFraming::none;
  }
  return {};
}

}  // namespace

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_char);
}

bool is_field_value(std::string_view text) {
  // To the end whatever is found: compilers make that sixteen bytes at a time.
  bool control = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    control |= (byte < 0x20 && byte != '\t') || byte == 0x7F;
  }
  return !control;
}

std::optional<std::string> decode_path(std::string_view raw) {
  if (!raw.starts_with('/')) return std::nullopt;
  auto path = percent_decode(raw, PlusSign::literal);
  // Every '%' must have begun an escape, and no escape may have made another slash.
  const auto escapes = std::ranges::count(raw, '%');
  if (raw.size() - path.size() != static_cast<std::size_t>(2 * escapes) ||
      std::ranges::count(raw, '/') != std::ranges::count(path, '/')) {
    return std::nullopt;
  }
  const auto forbidden = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\';
  };
  if (std::ranges::any_of(path, forbidden) || !is_valid_utf8(path)) return std::nullopt;
  for (std::string_view rest = path; !rest.empty();) {
    rest.remove_prefix(1);
    const auto end = std::min(rest.find('/'), rest.size());
    const auto segment = rest.substr(0, end);
    if (segment == "." || segment == "..") return std::nullopt;
    rest.remove_prefix(end);
  }
  return path;
}

std::expected<std::size_t, HttpRefusal> find_head_end(std::string_view bytes, std::size_t& scanned,
                                                      const HttpParserLimits& limits) {
  if (!bytes.empty() && !is_token_char(bytes.front()))
    return std::unexpected(refuse("malformed_request_line"));
  const auto within = bytes.substr(0, limits.head_bytes);
  for (;;) {
    const auto feed = within.find('\n', scanned);
    if (feed == std::string_view::npos) break;
    if (feed == 0 || within[feed - 1] != '\r') return std::unexpected(refuse("malformed_line_end"));
    scanned = feed + 1;
    if (feed >= 3 && within[feed - 2] == '\n') return feed + 1;
  }
  scanned = within.size();
  if (bytes.size() >= limits.head_bytes) return std::unexpected(refuse("head_too_large", 431));
  return 0;
}

std::expected<ParsedHead, HttpRefusal> parse_head(std::string_view head,
                                                  const HttpParserLimits& limits) {
  ParsedHead parsed;
  const auto line = take_line(head);
  auto refusal = parse_request_line(line, parsed.head, limits);
  if (!refusal) refusal = parse_fields(head, parsed.head.headers, limits);
  if (!refusal) refusal = check_host(parsed.head);
  if (!refusal) refusal = decide_framing(parsed);
  if (!refusal) refusal = decide_connection(parsed);
  if (refusal) return std::unexpected(*refusal);
  return parsed;
}

}  // namespace rubricon::net
