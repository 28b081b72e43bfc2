/// The HTTP answers of the Engine.IO path. Internal to this module.
#pragma once

#include <rubricon/net/http_types.hpp>
#include <rubricon/socketio/engine_request.hpp>
#include <rubricon/socketio/handshake.hpp>
#include <rubricon/socketio/origin_policy.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::socketio_server {

/// The parts of a request that the application may see later.
socketio::Handshake make_handshake(const net::HttpHead& head);

/// Adds the CORS fields that the request's Origin calls for: on errors, too.
void add_cors(net::HttpHeaders& headers, const socketio::OriginPolicy& policy,
              const net::HttpHead& head);

/// The answer to a preflight; nothing when the policy has no CORS.
std::optional<net::HttpResponse> preflight_response(const socketio::OriginPolicy& policy,
                                                    const net::HttpHead& head);

/// The body of a poll, of a POST that succeeded, of a refusal, and nothing.
net::HttpResponse payload_response(std::string body);
net::HttpResponse ok_response();
net::HttpResponse refusal_response(socketio::Refusal refusal);
net::HttpResponse forbidden_response(unsigned status, std::string_view why);
net::HttpResponse empty_response(unsigned status);
/// Refuses an upgrade in plain words, as official servers do.
net::HttpResponse upgrade_refusal(unsigned status, socketio::Refusal refusal);
net::HttpResponse upgrade_refusal(unsigned status, std::string_view why);

}  // namespace rubricon::socketio_server
