#include <rubricon/rest_client/target.hpp>

#include <algorithm>

namespace rubricon::rest_client {

std::optional<Target> Target::parse(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) return std::nullopt;
  url.remove_prefix(scheme.size());
  if (url.ends_with('/')) url.remove_suffix(1);
  if (url.empty() || url.find_first_of("/?#@ ") != std::string_view::npos) return std::nullopt;
  Target target{.host = std::string(url), .authority = std::string(url)};
  const auto bracket = url.rfind(']');
  const auto colon = url.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    target.host = url.substr(0, colon);
    target.port = url.substr(colon + 1);
  }
  const bool number = !target.port.empty() && target.port.size() <= 5 &&
                      std::ranges::all_of(target.port, [](char c) { return c >= '0' && c <= '9'; });
  if (target.host.starts_with('[') && target.host.ends_with(']')) {
    target.host = target.host.substr(1, target.host.size() - 2);
  }
  if (target.host.empty() || !number) return std::nullopt;
  return target;
}

}  // namespace rubricon::rest_client
