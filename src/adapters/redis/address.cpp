#include <rubricon/redis/address.hpp>

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace rubricon::redis {
namespace {

using base::ErrorCode;

constexpr int database_max = 99'999;

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || text.empty()) return std::nullopt;
  return number;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    unsigned int byte = 0;
    if (i + 2 >= text.size()) return std::nullopt;
    const auto* const end = text.data() + i + 3;
    const auto [stop, error] = std::from_chars(text.data() + i + 1, end, byte, 16);
    if (error != std::errc() || stop != end) return std::nullopt;
    decoded += static_cast<char>(byte);
    i += 2;
  }
  return decoded;
}

std::unexpected<base::Error> bad(const char* what) {
  return base::fail(ErrorCode::invalid, fmt::format("the Redis URL has {}", what));
}

/// Takes `[user]:password@` from the front of `rest`.
base::Result<void> take_credentials(std::string_view& rest, Address& address) {
  const auto at = rest.rfind('@');
  if (at == std::string_view::npos) return {};
  const auto credentials = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  const auto colon = credentials.find(':');
  if (colon == std::string_view::npos) return bad("a user without a password");
  const auto user = percent_decoded(credentials.substr(0, colon));
  const auto password = percent_decoded(credentials.substr(colon + 1));
  if (!user || !password || password->empty()) return bad("a malformed user or password");
  address.user = *user;
  address.password = *password;
  return {};
}

base::Result<void> take_database(std::string_view text, Address& address) {
  if (text.empty()) return {};
  const auto database = parse_number<int>(text);
  if (!database || *database < 0 || *database > database_max) return bad("a bad database number");
  address.database = *database;
  return {};
}

base::Result<void> take_place(std::string_view place, Address& address) {
  std::string_view port;
  if (place.starts_with('[')) {
    const auto end = place.find(']');
    if (end == std::string_view::npos) return bad("a malformed host");
    address.host = place.substr(1, end - 1);
    port = place.substr(end + 1);
  } else {
    const auto colon = place.find(':');
    address.host = place.substr(0, colon);
    if (colon != std::string_view::npos) port = place.substr(colon);
  }
  if (address.host.empty()) return bad("no host");
  if (port.empty()) return {};
  const auto number = parse_number<std::uint16_t>(port.substr(1));
  if (port[0] != ':' || !number || *number == 0) return bad("a bad port");
  address.port = *number;
  return {};
}

base::Result<Address> parse_tcp(std::string_view rest) {
  Address address;
  if (const auto done = take_credentials(rest, address); !done) {
    return std::unexpected(done.error());
  }
  const auto slash = rest.find('/');
  const auto database = slash == std::string_view::npos ? "" : rest.substr(slash + 1);
  if (const auto done = take_place(rest.substr(0, slash), address); !done) {
    return std::unexpected(done.error());
  }
  if (const auto done = take_database(database, address); !done) {
    return std::unexpected(done.error());
  }
  return address;
}

base::Result<Address> parse_unix(std::string_view rest) {
  constexpr std::string_view key = "?db=";
  Address address;
  if (const auto done = take_credentials(rest, address); !done) {
    return std::unexpected(done.error());
  }
  const auto query = rest.find(key);
  address.unix_path = rest.substr(0, query);
  if (!address.unix_path.starts_with('/')) return bad("no absolute path");
  const auto database =
      query == std::string_view::npos ? std::string_view() : rest.substr(query + key.size());
  if (const auto done = take_database(database, address); !done) {
    return std::unexpected(done.error());
  }
  return address;
}

}  // namespace

std::string Address::to_string() const {
  if (!unix_path.empty()) return fmt::format("unix://{}?db={}", unix_path, database);
  const bool six = host.contains(':');
  return fmt::format("redis://{}{}{}:{}/{}", six ? "[" : "", host, six ? "]" : "", port, database);
}

base::Result<Address> parse_address(std::string_view url) {
  constexpr std::string_view tcp = "redis://", local = "unix://", tls = "rediss://";
  if (url.starts_with(tcp)) return parse_tcp(url.substr(tcp.size()));
  if (url.starts_with(local)) return parse_unix(url.substr(local.size()));
  if (url.starts_with(tls)) return bad("TLS, which is not supported: use a tunnel or redis://");
  return bad("a scheme that is neither redis:// nor unix://");
}

}  // namespace rubricon::redis
