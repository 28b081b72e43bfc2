/// What a command was refused, for the one line that it prints.
#pragma once

#include <rubricon/base/result.hpp>

#include <string>

namespace rubricon::app {

/// The first field that broke a rule and how, else the detail.
std::string sentence(const base::Error& error);

}  // namespace rubricon::app
