/// The one cookie: the refresh token, out of reach of scripts and of other sites.
#pragma once

#include <rubricon/net/http_types.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::api {

/// `__Host-rubricon-refresh` with Secure; on plain-http loopback, where some browsers take no
/// Secure cookies, `rubricon-refresh` without. Which one is decided by the request's Origin, or by
/// its Host where a client sends none.
enum class CookieKind { secure, loopback };
CookieKind cookie_kind(const net::HttpHead& head);

/// The refresh token that came along; nothing where it cannot be one (43 characters of base64url).
std::optional<std::string_view> refresh_cookie(const net::HttpHead& head);

/// A Set-Cookie value: HttpOnly, SameSite=Strict, Path=/.
std::string set_refresh_cookie(CookieKind kind, std::string_view token,
                               std::chrono::seconds max_age);
std::string clear_refresh_cookie(CookieKind kind);

}  // namespace rubricon::api
