/// The server that runs on the data folder, as commands ask it: by its listener for operators.
#pragma once

#include <rubricon/app/config.hpp>
#include <rubricon/app/operator_seal.hpp>
#include <rubricon/crypto/system_clock.hpp>
#include <rubricon/rest_client/rest_client.hpp>

#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace rubricon::app {

class RunningServer {
 public:
  explicit RunningServer(const Config& config);

  /// POSTs to `path` and waits for the answer, 15 s at most; nothing where nobody has the address
  /// that was asked for. Throws std::runtime_error with a sentence for people where there is no
  /// server, or not that of this data folder, or one that does not know `path`.
  std::optional<boost::json::object> ask(std::string path, const boost::json::object& body);

 private:
  rest_client::RestReply send(rest_client::RestRequest request);

  crypto::SystemClock clock_;
  std::string where_;
  OperatorSeal seal_;
};

}  // namespace rubricon::app
