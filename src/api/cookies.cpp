#include <rubricon/api/cookies.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace rubricon::api {
namespace {

constexpr std::size_t token_characters = 43;

const char* name_of(CookieKind kind) {
  return kind == CookieKind::secure ? "__Host-rubricon-refresh" : "rubricon-refresh";
}

/// "localhost:3000", "127.0.0.1", "[::1]:80"; the whole host name must be one of the three.
bool is_loopback_host(std::string_view host) {
  if (host.starts_with('[')) {
    host = host.substr(0, host.find(']') + 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  return net::equals_ignoring_case(host, "localhost") || host == "127.0.0.1" || host == "[::1]";
}

}  // namespace

CookieKind cookie_kind(const net::HttpHead& head) {
  constexpr std::string_view http = "http://";
  if (const auto origin = head.header("Origin")) {
    const bool loopback =
        origin->starts_with(http) && is_loopback_host(origin->substr(http.size()));
    return loopback ? CookieKind::loopback : CookieKind::secure;
  }
  if (head.secure) return CookieKind::secure;
  return is_loopback_host(head.header("Host").value_or("")) ? CookieKind::loopback
                                                            : CookieKind::secure;
}

std::optional<std::string_view> refresh_cookie(const net::HttpHead& head) {
  const auto value = head.cookie(name_of(cookie_kind(head)));
  if (!value || value->size() != token_characters) return std::nullopt;
  const bool base64url = std::ranges::all_of(*value, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
  return base64url ? value : std::nullopt;
}

std::string set_refresh_cookie(CookieKind kind, std::string_view token,
                               std::chrono::seconds max_age) {
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}", name_of(kind), token,
                     max_age.count(), kind == CookieKind::secure ? "; Secure" : "");
}

std::string clear_refresh_cookie(CookieKind kind) {
  return set_refresh_cookie(kind, "", std::chrono::seconds(0));
}

}  // namespace rubricon::api
