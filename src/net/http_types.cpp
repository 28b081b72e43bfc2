#include <rubricon/net/http_types.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace rubricon::net {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

struct Detail {
  std::string_view code;
  std::string_view text;
};

/// What people read of the refusals that come from here.
constexpr std::array details = {
    Detail{"malformed_request_line", "The request's first line is not one of HTTP/1.1."},
    Detail{"malformed_target", "The request's path cannot be read."},
    Detail{"malformed_header", "A header field cannot be read."},
    Detail{"malformed_host", "An HTTP/1.1 request has exactly one valid Host."},
    Detail{"malformed_transfer_encoding",
           "Only one Transfer-Encoding, chunked, and without Content-Length is understood."},
    Detail{"malformed_content_length", "Content-Length is one number."},
    Detail{"malformed_line_end", "Lines of a request end with carriage return and line feed."},
    Detail{"malformed_websocket_handshake", "This is not a WebSocket handshake of RFC 6455."},
    Detail{"unsupported_websocket_version", "The WebSocket version spoken here is 13."},
    Detail{"unsupported_version", "The HTTP versions spoken here are 1.0 and 1.1."},
    Detail{"unknown_expectation", "The only expectation met here is 100-continue."},
    Detail{"target_too_long", "The request's target is too long."},
    Detail{"head_too_large", "The request's header fields are too large."},
    Detail{"too_many_headers", "The request has too many header fields."},
    Detail{"request_timeout", "The request came too slowly."},
    Detail{"method_not_allowed", "This path does not have this method."},
    Detail{"not_found", "There is nothing here, or not for you."},
    Detail{"unavailable", "The server cannot do this right now; nothing is lost, try again."},
    Detail{"internal", "The server failed; the trace id finds the reason in its log."},
};

std::string_view detail_of(std::string_view code) {
  const auto found = std::ranges::find(details, code, &Detail::code);
  return found == details.end() ? "The request was refused." : found->text;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

void HttpHeaders::add(std::string name, std::string value) {
  fields_.push_back({std::move(name), std::move(value)});
}

void HttpHeaders::set(std::string_view name, std::string value) {
  remove(name);
  add(std::string(name), std::move(value));
}

void HttpHeaders::remove(std::string_view name) {
  std::erase_if(fields_, [name](const auto& f) { return equals_ignoring_case(f.name, name); });
}

std::optional<std::string_view> HttpHeaders::get(std::string_view name) const {
  for (const auto& field : fields_) {
    if (equals_ignoring_case(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::size_t HttpHeaders::count(std::string_view name) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      fields_, [name](const auto& f) { return equals_ignoring_case(f.name, name); }));
}

bool HttpHeaders::has_token(std::string_view name, std::string_view token) const {
  for (const auto& field : fields_) {
    if (!equals_ignoring_case(field.name, name)) continue;
    std::string_view list = field.value;
    for (;;) {
      const auto comma = list.find(',');
      if (equals_ignoring_case(trim(list.substr(0, comma)), token)) return true;
      if (comma == std::string_view::npos) break;
      list.remove_prefix(comma + 1);
    }
  }
  return false;
}

std::optional<std::string_view> HttpHead::cookie(std::string_view name) const {
  for (const auto& field : headers) {
    if (!equals_ignoring_case(field.name, "Cookie")) continue;
    std::string_view list = field.value;
    for (;;) {
      const auto semicolon = list.find(';');
      const auto pair = trim(list.substr(0, semicolon));
      const auto equals = pair.find('=');
      if (equals != std::string_view::npos && trim(pair.substr(0, equals)) == name) {
        return trim(pair.substr(equals + 1));
      }
      if (semicolon == std::string_view::npos) break;
      list.remove_prefix(semicolon + 1);
    }
  }
  return std::nullopt;
}

std::string percent_decode(std::string_view text, PlusSign plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      decoded.push_back(static_cast<char>(high << 4 | low));
      i += 2;
    } else {
      decoded.push_back(text[i] == '+' && plus == PlusSign::space ? ' ' : text[i]);
    }
  }
  return decoded;
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto parameter = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (parameter.empty()) continue;
    const auto equals = std::min(parameter.find('='), parameter.size());
    const auto value = parameter.substr(std::min(equals + 1, parameter.size()));
    parameters.emplace_back(percent_decode(parameter.substr(0, equals), PlusSign::space),
                            percent_decode(value, PlusSign::space));
  }
  return parameters;
}

std::string_view reason_phrase(unsigned status) {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 460: return "Checksum Mismatch";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

HttpResponse problem_response(unsigned status, std::string_view code) {
  HttpResponse response{.status = status, .problem = code};
  response.headers.add("Content-Type", "application/problem+json");
  response.headers.add("Cache-Control", "no-store");
  return response;
}

void write_problem(HttpResponse& response, std::string_view trace_id) {
  const boost::json::object problem{{"type", "about:blank"},
                                    {"title", reason_phrase(response.status)},
                                    {"status", response.status},
                                    {"code", response.problem},
                                    {"detail", detail_of(response.problem)},
                                    {"traceId", trace_id}};
  response.body = boost::json::serialize(problem);
}

base::Error to_error(BodyError error) {
  using base::ErrorCode;
  switch (error) {
    case BodyError::too_large:
      return {ErrorCode::too_large, "the request body is too large", {}, {}};
    case BodyError::malformed:
      return {ErrorCode::invalid, "the request body's chunks are malformed", "malformed_body", {}};
    case BodyError::too_slow:
      return {ErrorCode::unavailable, "the request body came too slowly", "body_timeout", {}};
    case BodyError::disconnected: break;
  }
  return {ErrorCode::unavailable, "the client disconnected", "disconnected", {}};
}

}  // namespace rubricon::net
