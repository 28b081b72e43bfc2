/// What a client said about itself when it opened its connection.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rubricon::socketio {

/// The parameters of a query string, decoded, in the order of the request. Unknown ones are kept
/// for the application.
class Query {
 public:
  /// Linear; never fails: a broken percent escape stays as it is written.
  static Query parse(std::string_view text);

  /// The last value of `name` (as Node has it), or null.
  const std::string* find(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& items() const { return items_; }

 private:
  std::vector<std::pair<std::string, std::string>> items_;
};

/// The first HTTP request of a connection. Immutable, shared by all its namespaces.
struct Handshake {
  std::string url;  ///< path and query as they were sent
  Query query;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string remote_address;  ///< without port; what `net` says, trusted proxies applied
  bool secure = false;         ///< https, as far as the server can know

  /// The first header of that (lower-case) name, or empty.
  std::string_view header(std::string_view name) const;
};

}  // namespace rubricon::socketio
