#include <rubricon/api/router.hpp>

#include <rubricon/base/assert.hpp>

#include <charconv>
#include <optional>

namespace rubricon::api {
namespace {

/// Cuts the first segment off: "/a/b" gives "a" and leaves "/b".
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

std::optional<std::int64_t> parse_number(std::string_view digits) {
  std::int64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc() || rest != end || number < 1 || digits.front() == '0') {
    return std::nullopt;
  }
  return number;
}

struct PathMatch {
  std::vector<base::Uuid> params;
  std::int64_t number = 0;
  std::size_t literals = 0;
};

std::optional<PathMatch> match_path(std::string_view pattern, std::string_view path) {
  PathMatch match;
  while (!pattern.empty() && !path.empty()) {
    const auto wanted = take_segment(pattern);
    const auto found = take_segment(path);
    if (wanted == "{version}") {
      const auto number = parse_number(found);
      if (!number) return std::nullopt;
      match.number = *number;
    } else if (wanted.starts_with('{')) {
      const auto id = base::Uuid::parse(found);
      if (!id) return std::nullopt;
      match.params.push_back(*id);
    } else if (wanted == found) {
      ++match.literals;
    } else {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return match;
}

}  // namespace

const char* to_string(Method method) noexcept {
  switch (method) {
    case Method::get: return "GET";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::patch: return "PATCH";
    case Method::del: return "DELETE";
  }
  base::assertion_failed("a known Method", __FILE__, __LINE__);
}

void Router::add(Route route) {
  RUBRICON_ASSERT(route.pattern.starts_with('/'));
  RUBRICON_ASSERT(route.handler != nullptr);
  for (const auto& other : routes_) {
    RUBRICON_ASSERT(other.method != route.method || other.pattern != route.pattern);
  }
  routes_.push_back(std::move(route));
}

std::variant<Match, WrongMethod, NoSuchPath> Router::match(std::string_view method,
                                                           std::string_view path) const {
  if (!path.starts_with('/')) return NoSuchPath{};
  const auto wanted = method == "HEAD" ? std::string_view("GET") : method;
  const Route* best = nullptr;
  PathMatch best_match;
  std::string allow;
  for (const auto& route : routes_) {
    auto match = match_path(route.pattern, path);
    if (!match) continue;
    const std::string_view name = to_string(route.method);
    allow += allow.empty() ? "" : ", ";
    allow += name;
    if (route.method == Method::get) allow += ", HEAD";
    if (name == wanted && (best == nullptr || match->literals > best_match.literals)) {
      best = &route;
      best_match = std::move(*match);
    }
  }
  if (best != nullptr) return Match{best, std::move(best_match.params), best_match.number};
  if (!allow.empty()) return WrongMethod{std::move(allow)};
  return NoSuchPath{};
}

}  // namespace rubricon::api
