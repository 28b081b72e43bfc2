/// `rubricon verify --canary`: probes a server through the whole path.
#pragma once

#include <rubricon/app/config.hpp>

#include <string>

namespace rubricon::app {

struct CanaryRequest {
  std::string url;    ///< empty: the listen address of the configuration
  std::string email;  ///< of an account of its own
  /// Where its password is; empty: read from standard input.
  std::string password_file;
  bool once = false;
  int every_s = 60;
  int answer_within_s = 60;
  /// Where /metrics is served meanwhile; empty: nowhere.
  std::string metrics_listen;
};

/// With `once`: one probe and a line; 0 where it succeeded, 1 otherwise. Without: logs each probe
/// until SIGTERM or SIGINT, and returns 0. Throws ConfigError for a request that cannot work.
int verify_by_canary(const Config& config, const CanaryRequest& request);

}  // namespace rubricon::app
