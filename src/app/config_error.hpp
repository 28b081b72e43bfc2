/// What ends the program before it begins.
#pragma once

#include <stdexcept>

namespace rubricon::app {

/// A configuration that cannot work. The text says what is wrong and what to do.
class ConfigError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace rubricon::app
