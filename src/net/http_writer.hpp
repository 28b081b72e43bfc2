/// The bytes of responses.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/net/http_types.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::net {

/// "Sun, 06 Nov 1994 08:49:37 GMT".
std::string format_http_date(base::Time time);

struct ResponseFraming {
  bool head_only = false;  ///< the request was HEAD
  bool keep_alive = true;  ///< else "Connection: close"
  int version_minor = 1;   ///< of the request; 1.0 is told explicitly that the connection stays
  std::string_view date;   ///< value of Date; empty leaves it away
  /// Fields of every answer, used where the response has none of that name.
  const HttpHeaders* common = nullptr;
};

/// Status line and fields with their empty line. Content-Length is made here; the response's own
/// Content-Length, Transfer-Encoding, Connection and Date fields, and fields that would break the
/// framing, are left away.
std::string write_response_head(const HttpResponse& response, const ResponseFraming& framing);

/// Whether the body's bytes follow the head.
bool sends_body(const HttpResponse& response, const ResponseFraming& framing);

/// The 101 of an accepted WebSocket, with `headers` added under the same rules, and `common` as in
/// ResponseFraming.
std::string write_upgrade_head(std::string_view accept_key, const HttpHeaders& headers,
                               const HttpHeaders& common = {});

}  // namespace rubricon::net
