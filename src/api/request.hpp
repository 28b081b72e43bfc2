/// A request as the routes see it: matched, authenticated, its body read.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/user.hpp>
#include <rubricon/net/http_types.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::api {

struct ApiRequest {
  std::shared_ptr<const net::HttpHead> head;  ///< never empty; keeps its exchange
  std::vector<base::Uuid> params;             ///< of the path, in its order
  std::int64_t number = 0;                    ///< `{version}` of the path, where it has that
  std::optional<domain::Identity> identity;   ///< set for every route with Access::signed_in
  std::string body;                           ///< of at most the route's limit
  std::string trace;                          ///< W3C traceparent, never empty
  base::Deadline deadline;

  domain::ChatId chat() const { return domain::ChatId(params.at(0)); }
  domain::UserId user() const { return identity.value().user; }
  /// The 32 hexadecimal digits in the middle of `trace`.
  std::string_view trace_id() const { return std::string_view(trace).substr(3, 32); }
};

/// What a route answers: a finished response, or an error that becomes a problem document.
using ApiResult = base::Result<net::HttpResponse>;

/// Called with a request of its own; returns a coroutine of an object that outlives it.
using ApiHandler = std::function<base::Task<ApiResult>(ApiRequest)>;

}  // namespace rubricon::api
