#include <rubricon/net/http_writer.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/net/http_parser.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>

namespace rubricon::net {
namespace {

bool is_ours(std::string_view name) {
  constexpr std::array<std::string_view, 4> ours = {"Content-Length", "Transfer-Encoding",
                                                    "Connection", "Date"};
  return std::ranges::any_of(ours, [name](auto o) { return equals_ignoring_case(o, name); });
}

void append_fields(std::string& head, const HttpHeaders& headers) {
  for (const auto& [name, value] : headers) {
    if (is_ours(name) || !is_token(name) || !is_field_value(value)) continue;
    head.append(name).append(": ").append(value).append("\r\n");
  }
}

void append_common(std::string& head, const HttpHeaders& common, const HttpHeaders& own) {
  for (const auto& [name, value] : common) {
    if (!own.contains(name)) head.append(name).append(": ").append(value).append("\r\n");
  }
}

bool has_length(const HttpResponse& response) {
  return response.status != 204 && response.status != 304;
}

}  // namespace

std::string format_http_date(base::Time time) {
  constexpr std::array<const char*, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     weekdays[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()),
                     months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

bool sends_body(const HttpResponse& response, const ResponseFraming& framing) {
  return !framing.head_only && has_length(response);
}

std::string write_response_head(const HttpResponse& response, const ResponseFraming& framing) {
  RUBRICON_ASSERT(response.status >= 200 && response.status <= 599);
  std::string head;
  head.reserve(1024);
  fmt::format_to(std::back_inserter(head), "HTTP/1.1 {} {}\r\n", response.status,
                 reason_phrase(response.status));
  append_fields(head, response.headers);
  if (framing.common != nullptr) append_common(head, *framing.common, response.headers);
  if (!framing.date.empty()) head.append("Date: ").append(framing.date).append("\r\n");
  if (has_length(response)) {
    fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", response.body.size());
  }
  if (!framing.keep_alive) {
    head.append("Connection: close\r\n");
  } else if (framing.version_minor == 0) {
    head.append("Connection: keep-alive\r\n");
  }
  head.append("\r\n");
  return head;
}

std::string write_upgrade_head(std::string_view accept_key, const HttpHeaders& headers,
                               const HttpHeaders& common) {
  std::string head =
      "HTTP/1.1 101 Switching Protocols\r\n"
      "Upgrade: websocket\r\n"
      "Connection: Upgrade\r\n"
      "Sec-WebSocket-Accept: ";
  head.append(accept_key).append("\r\n");
  append_fields(head, headers);
  append_common(head, common, headers);
  head.append("\r\n");
  return head;
}

}  // namespace rubricon::net
