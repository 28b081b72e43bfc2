/// How a server is, for `rubricon doctor`.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/redis/session.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::redis {

/// Empty where the server does not say.
struct Condition {
  std::string version;
  std::string role;             ///< "master", "slave"
  std::string maxmemory;        ///< bytes; "0": without bound
  std::string eviction_policy;  ///< "noeviction", …

  /// Of what INFO prints: lines "name:value".
  static Condition parse(std::string_view info);
};

/// Asks without changing anything; nullopt where INFO is not allowed to us. Throws
/// base::Unavailable (the reason without the password), base::DeadlineExceeded.
base::Task<std::optional<Condition>> look_at(boost::asio::any_io_executor executor,
                                             SessionOptions options, base::Deadline deadline);

}  // namespace rubricon::redis
