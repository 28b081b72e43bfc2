#include <rubricon/app/url_password.hpp>

#include <algorithm>

namespace rubricon::app {
namespace {

constexpr std::string_view after_scheme = "://";

/// The first address of a list with commas.
std::string_view first_of(std::string_view urls) {
  return urls.substr(0, urls.find(','));
}

}  // namespace

std::string_view password_of(std::string_view url) {
  const auto scheme = url.find(after_scheme);
  if (scheme == std::string_view::npos) return {};
  const auto begin = scheme + after_scheme.size();
  const auto authority = url.substr(begin, url.find('/', begin) - begin);
  const auto at = authority.rfind('@');
  const auto colon = authority.find(':');
  if (at == std::string_view::npos || colon > at) return {};
  return authority.substr(colon + 1, at - colon - 1);
}

std::string without_passwords(std::string_view urls) {
  std::string hidden;
  while (!urls.empty()) {
    const auto url = first_of(urls);
    urls.remove_prefix(std::min(url.size() + 1, urls.size()));
    const auto password = password_of(url);
    if (!hidden.empty()) hidden += ',';
    if (password.empty()) {
      hidden += url;
    } else {
      const auto begin = static_cast<std::size_t>(password.data() - url.data());
      hidden += url.substr(0, begin);
      hidden += "…";
      hidden += url.substr(begin + password.size());
    }
  }
  return hidden;
}

void hide_passwords(std::span<char*> arguments) {
  for (char* argument : arguments) {
    std::string_view rest = argument;
    while (!rest.empty()) {
      const auto url = first_of(rest);
      const auto password = password_of(url);
      if (!password.empty()) {
        std::fill_n(argument + (password.data() - argument), password.size(), '*');
      }
      rest.remove_prefix(std::min(url.size() + 1, rest.size()));
    }
  }
}

}  // namespace rubricon::app
