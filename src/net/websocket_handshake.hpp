/// The server's half of the opening handshake (RFC 6455 §4.2), as pure functions on the head.
#pragma once

#include <rubricon/net/http_types.hpp>

#include <expected>
#include <string>
#include <string_view>

namespace rubricon::net {

/// Whether the head asks for a WebSocket: `Upgrade` has the token "websocket" and `Connection` the
/// token "upgrade". Anything else is an ordinary request.
bool is_websocket_upgrade(const HttpHead& head);

/// The value of Sec-WebSocket-Accept for a valid request; else the refusal: 426 with the version
/// that we speak, or 400. Offered extensions are declined by not naming them.
std::expected<std::string, HttpResponse> check_websocket_upgrade(const HttpHead& head);

/// base64(SHA-1(key + GUID)).
std::string websocket_accept_key(std::string_view key);

}  // namespace rubricon::net
