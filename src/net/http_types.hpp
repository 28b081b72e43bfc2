/// Values of HTTP: what a request's head says and what a response is made of. Nothing here does
/// I/O.
#pragma once

#include <rubricon/base/result.hpp>

#include <cstddef>
#include <expected>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rubricon::net {

/// ASCII only, as header names and tokens are.
bool equals_ignoring_case(std::string_view a, std::string_view b);

struct HttpHeader {
  std::string name;
  std::string value;
  bool operator==(const HttpHeader&) const = default;
};

/// Header fields in the order they came. Look-ups ignore the case of names.
class HttpHeaders {
 public:
  HttpHeaders() = default;
  HttpHeaders(std::initializer_list<HttpHeader> fields) : fields_(fields) {}

  void add(std::string name, std::string value);
  /// Room for so many.
  void reserve(std::size_t count) { fields_.reserve(count); }
  /// Replaces every field of that name.
  void set(std::string_view name, std::string value);
  void remove(std::string_view name);

  /// The first field of that name; the view lives until this object is changed.
  std::optional<std::string_view> get(std::string_view name) const;
  bool contains(std::string_view name) const { return get(name).has_value(); }
  std::size_t count(std::string_view name) const;
  /// Whether `token` is an element of the comma-separated lists in all fields of that name,
  /// ignoring case: `has_token("Connection", "upgrade")`.
  bool has_token(std::string_view name, std::string_view token) const;

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  std::size_t size() const { return fields_.size(); }
  bool empty() const { return fields_.empty(); }
  bool operator==(const HttpHeaders&) const = default;

 private:
  std::vector<HttpHeader> fields_;
};

/// A request without its body, already checked: see http_parser.hpp for what was refused.
struct HttpHead {
  std::string method;  ///< as sent, case-sensitive: "GET"
  std::string target;  ///< as sent: "/a%20b?x=1". May carry session ids: never log it
  /// Percent-decoded UTF-8 that begins with '/' and has no control character, no backslash, no
  /// encoded slash, and no segment "." or "..". "*" for `OPTIONS *`.
  std::string path;
  std::string query;  ///< raw, without '?'
  HttpHeaders headers;
  int version_minor = 1;   ///< 0 or 1
  bool keep_alive = true;  ///< what the client asked for
  /// The client's address in text form ("192.0.2.1", "2001:db8::1"): the TCP peer, or what trusted
  /// proxies say in X-Forwarded-For.
  std::string remote_address;
  /// Whether the client speaks https to our entrance (X-Forwarded-Proto of a trusted proxy).
  bool secure = false;

  std::optional<std::string_view> header(std::string_view name) const { return headers.get(name); }
  /// The first cookie of that name, as sent.
  std::optional<std::string_view> cookie(std::string_view name) const;
};

/// Decodes `%XX` (and '+' when asked). Broken escapes stay as they are.
enum class PlusSign { literal, space };
std::string percent_decode(std::string_view text, PlusSign plus);

/// Name and value of each parameter of a raw query, form-decoded, in order.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);

/// Bytes of a response: its own, or shared ones that are sent to many without a copy.
class HttpBody {
 public:
  HttpBody() = default;
  HttpBody(std::string text) : own_(std::move(text)) {}
  HttpBody(const char* text) : own_(text) {}
  HttpBody(std::shared_ptr<const std::string> shared) : shared_(std::move(shared)) {}

  std::string_view view() const { return shared_ ? std::string_view(*shared_) : own_; }
  std::size_t size() const { return view().size(); }

 private:
  std::string own_;
  std::shared_ptr<const std::string> shared_;
};

/// The server adds Content-Length, Date and Connection, and leaves the body away for HEAD, 204 and
/// 304. Fields whose name or value could break the framing (CR, LF, NUL) are not sent.
struct HttpResponse {
  unsigned status = 200;
  HttpHeaders headers;
  HttpBody body;
  /// Close the connection after this response, whatever the client asked for.
  bool close = false;
  /// The code of a refusal whose document is written when it is sent: see `problem_response`.
  std::string_view problem = {};
};

/// "Not Found" for 404; "Unknown" for a status without a registered phrase.
std::string_view reason_phrase(unsigned status);

/// An RFC 9457 document, for refusals before or outside the API, which writes its own. `code` is a
/// literal. The server writes the body, because it knows the request's trace, and logs a 4xx.
HttpResponse problem_response(unsigned status, std::string_view code);

/// `{type, title, status, code, detail, traceId}` as the body of a `problem_response`.
void write_problem(HttpResponse& response, std::string_view trace_id);

/// Why a request's body did not arrive.
enum class BodyError {
  too_large,     ///< over the limit; answer 413, the connection is closed after the answer
  malformed,     ///< broken chunked coding; answer 400, the connection is closed after it
  too_slow,      ///< under the minimum rate; answer 408, the connection is closed after it
  disconnected,  ///< the peer went away, or the exchange was aborted; nobody will read an answer
};

/// For handlers that speak `Result`: too_large, invalid ("malformed_body"), unavailable
/// ("body_timeout", "disconnected").
base::Error to_error(BodyError error);

}  // namespace rubricon::net
