#include <rubricon/net/websocket_handshake.hpp>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace rubricon::net {
namespace {

constexpr std::string_view guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// 16 bytes in base64: 22 digits, of which the last carries 2 bits, and "==".
bool is_key(std::string_view key) {
  if (key.size() != 24 || !key.ends_with("==")) return false;
  const auto digits = key.substr(0, 22);
  const auto is_digit = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  };
  return std::ranges::all_of(digits, is_digit) && std::string_view("AQgw").contains(digits.back());
}

}  // namespace

bool is_websocket_upgrade(const HttpHead& head) {
  return head.headers.has_token("Upgrade", "websocket") &&
         head.headers.has_token("Connection", "upgrade");
}

std::expected<std::string, HttpResponse> check_websocket_upgrade(const HttpHead& head) {
  const auto& headers = head.headers;
  if (headers.get("Sec-WebSocket-Version") != "13" || headers.count("Sec-WebSocket-Version") != 1) {
    auto refusal = problem_response(426, "unsupported_websocket_version");
    refusal.headers.add("Sec-WebSocket-Version", "13");
    refusal.close = true;
    return std::unexpected(std::move(refusal));
  }
  const auto key = headers.get("Sec-WebSocket-Key");
  const bool has_body =
      headers.contains("Transfer-Encoding") || headers.get("Content-Length").value_or("0") != "0";
  if (head.method != "GET" || head.version_minor != 1 || has_body || !key || !is_key(*key) ||
      headers.count("Sec-WebSocket-Key") != 1) {
    auto refusal = problem_response(400, "malformed_websocket_handshake");
    refusal.close = true;
    return std::unexpected(std::move(refusal));
  }
  return websocket_accept_key(*key);
}

std::string websocket_accept_key(std::string_view key) {
  std::string text(key);
  text.append(guid);
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 29> encoded;  // 28 digits and the terminator that OpenSSL writes
  EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
  return std::string(reinterpret_cast<const char*>(encoded.data()), encoded.size() - 1);
}

}  // namespace rubricon::net
