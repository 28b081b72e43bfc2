#include <rubricon/legacy/address.hpp>

#include <algorithm>
#include <array>

namespace rubricon::legacy {
namespace {

constexpr std::array<std::string_view, 8> of_prisma = {
    "schema",         "connection_limit",     "pool_timeout", "pgbouncer",
    "socket_timeout", "statement_cache_size", "sslaccept",    "sslidentity"};

}  // namespace

Address parse_address(std::string_view url) {
  const auto question = url.find('?');
  Address address{.url = std::string(url.substr(0, question)), .schema = {}};
  if (question == std::string_view::npos) return address;
  char before = '?';
  for (auto rest = url.substr(question + 1); !rest.empty();) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto parameter = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto equals = std::min(parameter.find('='), parameter.size());
    const auto name = parameter.substr(0, equals);
    if (name == "schema") address.schema = parameter.substr(std::min(equals + 1, parameter.size()));
    if (std::ranges::find(of_prisma, name) != of_prisma.end()) continue;
    address.url += before;
    address.url += parameter;
    before = '&';
  }
  return address;
}

}  // namespace rubricon::legacy
