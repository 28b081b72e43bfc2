/// `rubricon user list`, `disable` and `enable`: accounts, while the server runs.
#pragma once

#include <rubricon/app/config.hpp>

#include <string>

namespace rubricon::app {

/// Each asks the running server, prints what came of it and returns the exit status; throws
/// std::runtime_error with a sentence where there is no server.

/// A line an account, by address.
int list_users(const Config& config);
/// A disabled account is signed out everywhere at once and signs in no more. 1 where nobody has
/// that address.
int set_user_disabled(const Config& config, const std::string& email, bool disabled);

}  // namespace rubricon::app
