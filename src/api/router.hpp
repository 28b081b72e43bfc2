/// Which function answers which method and path, and under which conditions: the one table that the
/// server, the contract's tests and the isolation tests read.
#pragma once

#include <rubricon/api/body.hpp>
#include <rubricon/api/request.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rubricon::api {

enum class Method { get, post, put, patch, del };

const char* to_string(Method method) noexcept;  ///< "GET", …, "DELETE"

enum class Access {
  anyone,         ///< no token is looked at
  signed_in,      ///< a valid access token, and the user's allowance of requests
  administrator,  ///< as signed_in, and an administrator at this moment, whatever the token says
};

enum class BodyType {
  json,  ///< application/json in UTF-8
  file,  ///< bytes of any declared type but a form's
};

struct Route {
  Method method;
  /// Segments as in OpenAPI, "/api/chat/{chatId}"; each parameter is a UUID, but for `{version}`,
  /// which is a whole number from 1, in digits without a leading zero.
  std::string_view pattern;
  /// The operationId in the contract; also the label of its metrics.
  std::string_view name;
  Access access = Access::signed_in;
  ApiHandler handler;
  std::size_t body_max = body_bytes_max;  ///< of methods that have a body
  BodyType body_type = BodyType::json;

  bool changes() const { return method != Method::get; }
  /// POST, PUT and PATCH carry one; DELETE carries nothing.
  bool has_body() const { return changes() && method != Method::del; }
};

struct Match {
  const Route* route;
  std::vector<base::Uuid> params;
  std::int64_t number = 0;  ///< `{version}`, where the pattern has it
};
/// The path is there, the method is not; `allow` is for the header.
struct WrongMethod {
  std::string allow;
};
struct NoSuchPath {};

class Router {
 public:
  /// Asserts that method and pattern are not taken.
  void add(Route route);

  /// A literal segment goes before a parameter. A parameter of another form is NoSuchPath. HEAD
  /// matches GET.
  std::variant<Match, WrongMethod, NoSuchPath> match(std::string_view method,
                                                     std::string_view path) const;
  std::span<const Route> routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace rubricon::api
