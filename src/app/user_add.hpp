/// Makes an account from the command line, where signing up is closed.
#pragma once

#include <rubricon/app/config.hpp>

#include <string>

namespace rubricon::app {

struct NewAccount {
  std::string email;
  std::string name;
  std::string password;
};

/// Prints what was done, or one sentence why not. Returns the exit status. The first account of an
/// installation becomes its administrator.
int user_add(const Config& config, const NewAccount& account);

}  // namespace rubricon::app
