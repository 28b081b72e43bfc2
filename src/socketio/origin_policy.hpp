/// Which web pages may talk to the server: an Origin check for both transports, and the CORS
/// headers without which a browser shows a page of another origin no answer.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rubricon::socketio {

/// Requests without an `Origin` are never refused here: programs send none, and browsers send none
/// with a GET to the page's own origin. No page gains by it, because no cookie says who a socket
/// is.
struct OriginPolicy {
  enum class Kind {
    same_host,  ///< no CORS headers; an upgrade's Origin must name the host it was sent to
    list,       ///< only `allowed`, by both transports; CORS headers with credentials
    any,        ///< `Access-Control-Allow-Origin: *`, no credentials
  };
  Kind kind = Kind::same_host;
  /// Whole origins as browsers write them, compared exactly: "https://school.example".
  std::vector<std::string> allowed;
};

using HeaderList = std::vector<std::pair<std::string, std::string>>;

/// Whether the characters of an Origin field can be one.
bool is_valid_origin(std::string_view origin);

/// Whether a page of `origin` may open a WebSocket on `host` (the Host field). Empty means absent.
bool allows_websocket(const OriginPolicy& policy, std::string_view origin, std::string_view host);

/// Whether a page of `origin` may poll. Without a list the browser alone keeps answers from foreign
/// pages, as with official servers.
bool allows_polling(const OriginPolicy& policy, std::string_view origin);

/// The CORS fields of an answer; none when the policy has no CORS.
HeaderList cors_headers(const OriginPolicy& policy, std::string_view origin);

/// The fields of the 204 that answers a preflight; none when the policy has no CORS, and then an
/// OPTIONS request is nothing special.
HeaderList preflight_headers(const OriginPolicy& policy, std::string_view origin,
                             std::string_view requested_headers);

}  // namespace rubricon::socketio
