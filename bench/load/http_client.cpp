#include "http_client.hpp"

#include <strings.h>
#include <charconv>
#include <stdexcept>

namespace bench {
namespace {

/// The value of `name: ` in a head; empty where there is none. Names have no case.
std::string_view field(std::string_view head, std::string_view name) {
  for (auto at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
    const auto line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    if (line.size() > name.size() + 1 && line[name.size()] == ':' &&
        ::strncasecmp(line.data(), name.data(), name.size()) == 0) {
      const auto value = line.substr(name.size() + 1);
      return value.substr(std::min(value.find_first_not_of(' '), value.size()));
    }
  }
  return {};
}

}  // namespace

void HttpClient::get(std::string_view path) {
  std::string request = "GET ";
  request.append(path).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n").append(headers_).append("\r\n");
  send(request);
}

void HttpClient::post(std::string_view path, std::string_view json) {
  std::string request = "POST ";
  request.append(path).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n").append(headers_);
  request.append("Content-Type: application/json\r\nContent-Length: ");
  request.append(std::to_string(json.size())).append("\r\n\r\n").append(json);
  send(request);
}

std::size_t HttpClient::consume(std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  const auto head = bytes.substr(0, end);
  const auto text = field(head, "content-length");
  std::size_t length = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), length).ec != std::errc()) {
    throw std::runtime_error("an answer without Content-Length: " + std::string(head));
  }
  const auto whole = end + 4 + length;
  if (bytes.size() < whole) return 0;
  int status = 0;
  const auto code = head.substr(std::min<std::size_t>(9, head.size()), 3);
  std::from_chars(code.data(), code.data() + code.size(), status);
  answered(status, bytes.substr(end + 4, length));
  return whole;
}

}  // namespace bench
