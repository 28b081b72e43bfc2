#include <rubricon/socketio/origin_policy.hpp>

#include <algorithm>

namespace rubricon::socketio {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_listed(const OriginPolicy& policy, std::string_view origin) {
  return std::ranges::find(policy.allowed, origin) != policy.allowed.end();
}

/// "https://host:port" without the scheme.
std::string_view authority(std::string_view origin) {
  const auto scheme = origin.find("://");
  return scheme == std::string_view::npos ? std::string_view() : origin.substr(scheme + 3);
}

}  // namespace

bool is_valid_origin(std::string_view origin) {
  return std::ranges::all_of(origin, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
  });
}

bool allows_websocket(const OriginPolicy& policy, std::string_view origin, std::string_view host) {
  if (origin.empty()) return true;
  switch (policy.kind) {
    case OriginPolicy::Kind::any: return true;
    case OriginPolicy::Kind::list: return is_listed(policy, origin);
    case OriginPolicy::Kind::same_host:
      return !host.empty() && equal_ignoring_case(authority(origin), host);
  }
  return false;
}

bool allows_polling(const OriginPolicy& policy, std::string_view origin) {
  return origin.empty() || policy.kind != OriginPolicy::Kind::list || is_listed(policy, origin);
}

HeaderList cors_headers(const OriginPolicy& policy, std::string_view origin) {
  switch (policy.kind) {
    case OriginPolicy::Kind::same_host: return {};
    case OriginPolicy::Kind::any: return {{"Access-Control-Allow-Origin", "*"}};
    case OriginPolicy::Kind::list: break;
  }
  HeaderList headers;
  if (!origin.empty() && is_listed(policy, origin)) {
    headers.emplace_back("Access-Control-Allow-Origin", origin);
  }
  headers.emplace_back("Vary", "Origin");
  headers.emplace_back("Access-Control-Allow-Credentials", "true");
  return headers;
}

HeaderList preflight_headers(const OriginPolicy& policy, std::string_view origin,
                             std::string_view requested_headers) {
  auto headers = cors_headers(policy, origin);
  if (headers.empty()) return headers;
  headers.emplace_back("Access-Control-Allow-Methods", "GET,POST");
  if (!requested_headers.empty()) {
    headers.emplace_back("Access-Control-Allow-Headers", requested_headers);
  }
  const auto vary = std::ranges::find(headers, "Vary", &HeaderList::value_type::first);
  if (vary != headers.end()) {
    vary->second += ", Access-Control-Request-Headers";
  } else {
    headers.emplace_back("Vary", "Access-Control-Request-Headers");
  }
  return headers;
}

}  // namespace rubricon::socketio
