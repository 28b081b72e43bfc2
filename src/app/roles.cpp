#include <rubricon/app/roles.hpp>

#include <rubricon/app/config_error.hpp>

#include <fmt/format.h>

#include <sstream>

namespace rubricon::app {

Roles Roles::parse(const std::string& text) {
  Roles roles{.api = false, .gateway = false, .worker = false};
  std::istringstream names(text);
  for (std::string name; std::getline(names, name, ',');) {
    if (name == "api") {
      roles.api = true;
    } else if (name == "gateway") {
      roles.gateway = true;
    } else if (name == "worker") {
      roles.worker = true;
    } else {
      throw ConfigError(
          fmt::format("\"{}\" is no role: use api, gateway, worker or several with commas", name));
    }
  }
  if (roles == Roles{.api = false, .gateway = false, .worker = false}) {
    throw ConfigError("a process needs a role: api, gateway, worker or several with commas");
  }
  return roles;
}

std::string Roles::to_string() const {
  std::string text;
  const auto add = [&text](bool is, const char* name) {
    if (is) text += (text.empty() ? "" : ",") + std::string(name);
  };
  add(api, "api");
  add(gateway, "gateway");
  add(worker, "worker");
  return text;
}

}  // namespace rubricon::app
