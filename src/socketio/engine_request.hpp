/// The checks of an HTTP request to the Engine.IO path, in the order that clients observe.
#pragma once

#include <rubricon/socketio/handshake.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::socketio {

/// Error codes of the protocol, with `refusal_message`.
enum class Refusal {
  transport_unknown = 0,
  sid_unknown = 1,
  bad_method = 2,
  bad_request = 3,
  forbidden = 4,
  unsupported_version = 5,
};

const char* refusal_message(Refusal refusal) noexcept;
/// `{"code":1,"message":"Session ID unknown"}`.
std::string refusal_body(Refusal refusal);
/// The same with another message.
std::string refusal_body(Refusal refusal, std::string_view message);

enum class EngineTransport { polling, websocket };

struct EnabledTransports {
  bool polling = true;
  bool websocket = true;
};

/// A request that may go on: opens a session, or belongs to the one of that `sid`.
struct EngineRequest {
  EngineTransport transport = EngineTransport::polling;
  bool base64_only = false;  ///< `b64` was asked for
  std::string sid;           ///< empty: a new session
};

/// What the server knows of a request and of the session it names.
struct RequestFacts {
  std::string_view method;
  bool upgrade = false;  ///< a valid WebSocket upgrade
  std::string_view origin;
  /// The current transport of the session that the `sid` names; nothing when there is none.
  std::optional<EngineTransport> session;
};

/// The `sid` parameter; empty when absent or empty, which both mean a new session.
std::string_view requested_sid(const Query& query);

struct RequestCheck {
  std::optional<Refusal> refusal;  ///< then `request` means nothing
  EngineRequest request;
};
RequestCheck check_request(const Query& query, const RequestFacts& facts,
                           EnabledTransports enabled);

}  // namespace rubricon::socketio
