/// The servers that an address names: one, or several of which one is the primary.
#pragma once

#include <cstddef>
#include <string>

namespace rubricon::postgres {

/// libpq's parameters of these names: lists with commas, which go together. Empty where not given.
struct Hosts {
  std::string host;
  std::string hostaddr;
  std::string port;
};

/// Those of `url`, beginning with number `first`, counted round; the others keep their order.
Hosts hosts_of(const std::string& url, std::size_t first);

}  // namespace rubricon::postgres
