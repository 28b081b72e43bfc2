/// `rubricon user password`: for whoever has none yet, or has forgotten it.
#pragma once

#include <rubricon/app/config.hpp>

#include <string>

namespace rubricon::app {

/// Replaces the password of that account and ends all its sessions. Prints what was done, or one
/// sentence why not. Returns the exit status.
int set_user_password(const Config& config, const std::string& email, const std::string& password);

}  // namespace rubricon::app
