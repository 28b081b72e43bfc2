#include <rubricon/app/url_password.hpp>

#include <algorithm>
#include <optional>

namespace rubricon::app {
namespace {

constexpr std::string_view after_scheme = "://";
constexpr std::string_view parameter = "password=";

struct Place {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Between the user's colon and the last "@" before the path. Whatever else is in it, a password
/// has no "/", which must be written %2F.
std::optional<Place> in_authority(std::string_view text, std::size_t begin) {
  const auto end = std::min(text.find('/', begin), text.size());
  const auto at = text.substr(0, end).rfind('@');
  const auto colon = text.find(':', begin);
  if (at == std::string_view::npos || at < begin || colon > at) return std::nullopt;
  return Place{colon + 1, at};
}

/// The next password from `from` on: of the authority, or libpq's parameter.
std::optional<Place> next_password(std::string_view text, std::size_t from) {
  while (from < text.size()) {
    const auto scheme = text.find(after_scheme, from);
    const auto named = text.find(parameter, from);
    if (scheme == std::string_view::npos && named == std::string_view::npos) return std::nullopt;
    if (named < scheme) {
      const auto begin = named + parameter.size();
      return Place{begin, std::min(text.find_first_of("& ", begin), text.size())};
    }
    from = scheme + after_scheme.size();
    if (const auto found = in_authority(text, from)) return found;
  }
  return std::nullopt;
}

}  // namespace

std::string without_passwords(std::string_view text) {
  std::string hidden;
  std::size_t from = 0;
  while (const auto found = next_password(text, from)) {
    hidden += text.substr(from, found->begin - from);
    if (found->end > found->begin) hidden += "…";
    from = found->end;
  }
  hidden += text.substr(from);
  return hidden;
}

void hide_passwords(std::span<char*> arguments) {
  for (char* argument : arguments) {
    const std::string_view text = argument;
    std::size_t from = 0;
    while (const auto found = next_password(text, from)) {
      std::fill(argument + found->begin, argument + found->end, '*');
      from = found->end;
    }
  }
}

}  // namespace rubricon::app
