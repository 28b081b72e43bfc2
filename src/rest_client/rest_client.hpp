/// One HTTP request with a JSON body, and its answer.
#pragma once

#include <rubricon/base/task.hpp>
#include <rubricon/base/time.hpp>
#include <rubricon/rest_client/target.hpp>

#include <boost/json/value.hpp>

#include <exception>
#include <string>

namespace rubricon::rest_client {

struct RestRequest {
  std::string method;
  std::string path;
  std::string authorization;  ///< of the header Authorization; empty: without
  std::string traceparent;    ///< of that header (W3C); empty: without
  std::string body;           ///< JSON text; empty: none
};

struct RestReply {
  unsigned status = 0;
  boost::json::value body;  ///< null where there is none, or none in JSON
};

/// On a connection of its own, within `time`; answers have at most 1 MiB. Throws
/// boost::system::system_error where the server cannot be reached or does not answer in time.
base::Task<RestReply> ask(Target target, RestRequest request, base::Milliseconds time);

/// What `ask` threw, in a few words for people: "Connection refused", "no answer in time".
std::string reason_of(const std::exception& error);

}  // namespace rubricon::rest_client
