/// Passwords come from standard input, so that they are in no process list and no history.
#pragma once

#include <string>

namespace rubricon::app {

/// Asks on standard error and reads a line; what is typed on a terminal is not shown.
std::string read_secret(const std::string& question);

}  // namespace rubricon::app
