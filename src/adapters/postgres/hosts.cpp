#include <rubricon/postgres/hosts.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <libpq-fe.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

namespace rubricon::postgres {
namespace {

std::string turned(std::string_view list, std::size_t first) {
  std::vector<std::string_view> items;
  for (;;) {
    const auto comma = list.find(',');
    items.push_back(list.substr(0, comma));
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  std::ranges::rotate(items, items.begin() + static_cast<std::ptrdiff_t>(first % items.size()));
  return fmt::format("{}", fmt::join(items, ","));
}

}  // namespace

Hosts hosts_of(const std::string& url, std::size_t first) {
  Hosts hosts;
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(
      PQconninfoParse(url.c_str(), nullptr), PQconninfoFree);
  if (!options) return hosts;  // whoever connects with it hears what is wrong
  for (const auto* option = options.get(); option->keyword; ++option) {
    if (!option->val) continue;
    const std::string_view name = option->keyword;
    if (name == "host") hosts.host = turned(option->val, first);
    if (name == "hostaddr") hosts.hostaddr = turned(option->val, first);
    if (name == "port") hosts.port = turned(option->val, first);
  }
  return hosts;
}

}  // namespace rubricon::postgres
