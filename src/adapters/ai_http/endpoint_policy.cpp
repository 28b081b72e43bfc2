#include <rubricon/ai_http/endpoint_policy.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace rubricon::ai_http {
namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t url_bytes_max = 2'048;
constexpr std::size_t host_bytes_max = 253;
constexpr std::string_view completions = "/chat/completions";

std::unexpected<base::Error> bad(const char* what) {
  return base::fail(base::ErrorCode::invalid, fmt::format("the URL of the model {}", what));
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Letters, digits and hyphens in labels, as host names are on the Internet.
bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > host_bytes_max) return false;
  char before = '.';
  for (const char c : host) {
    if (c == '.' && (before == '.' || before == '-')) return false;
    if (c == '-' && before == '.') return false;
    if (c != '.' && c != '-' && c != '_' && !is_letter(c) && !is_digit(c)) return false;
    before = c;
  }
  return before != '.' && before != '-';
}

/// What a resolver may take for a number: a last label of digits, or one that begins with 0x.
bool looks_numeric(std::string_view host) {
  const auto last = host.substr(host.rfind('.') + 1);  // npos + 1 is 0
  if (std::ranges::all_of(last, is_digit)) return true;
  return last.starts_with("0x") || last.starts_with("0X");
}

/// The address in its one usual form; nothing for any other.
std::optional<ip::address> usual_address(std::string_view text) {
  boost::system::error_code error;
  const auto address = ip::make_address(std::string(text), error);
  if (error || text.contains('%')) return std::nullopt;
  if (address.is_v4() && address.to_string() != text) return std::nullopt;
  return address;
}

bool take_port(std::string_view text, Endpoint& endpoint) {
  if (text.empty()) return true;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + 1, end, endpoint.port);
  return text.front() == ':' && text.size() > 1 && is_digit(text[1]) && error == std::errc() &&
         stop == end && endpoint.port != 0;
}

base::Result<void> take_authority(std::string_view authority, Endpoint& endpoint,
                                  LocalAddresses local) {
  const bool brackets = authority.starts_with('[');
  const auto close = brackets ? authority.find(']') : authority.find(':');
  if (brackets && close == std::string_view::npos) return bad("has a malformed host");
  const auto host = brackets ? authority.substr(1, close - 1) : authority.substr(0, close);
  const auto port = close == std::string_view::npos ? std::string_view()
                                                    : authority.substr(close + (brackets ? 1 : 0));
  if (!take_port(port, endpoint)) return bad("has a bad port");
  endpoint.host = host;
  if (!brackets && !is_host_name(host)) return bad("has no host, or one with odd characters in it");
  if (!brackets && !looks_numeric(host)) return {};
  const auto address = usual_address(host);
  if (!address || address->is_v6() != brackets) {
    return bad("has a number for its host that is no address in its usual form");
  }
  if (!may_connect(*address, endpoint.encryption, local)) {
    return bad(
        "leads to an address that is not allowed: local ones must be allowed by "
        "RUBRICON_AI_ALLOW_PRIVATE, others need https://");
  }
  return {};
}

base::Result<void> take_path(std::string_view path, Endpoint& endpoint) {
  const auto plain = [](char c) {
    return is_letter(c) || is_digit(c) || std::string_view("/-._~%").contains(c);
  };
  if (!std::ranges::all_of(path, plain)) return bad("has odd characters in its path");
  const auto without_slashes = [](std::string_view text) {
    return text.substr(0, text.find_last_not_of('/') + 1);
  };
  path = without_slashes(path);
  if (path.ends_with(completions)) path.remove_suffix(completions.size());
  endpoint.path = without_slashes(path);
  return {};
}

}  // namespace

base::Result<Endpoint> Endpoint::parse(std::string_view url, LocalAddresses local) {
  constexpr std::string_view https = "https://";
  constexpr std::string_view http = "http://";
  if (url.size() > url_bytes_max) return bad("is too long");
  Endpoint endpoint;
  if (url.starts_with(https)) {
    url.remove_prefix(https.size());
  } else if (url.starts_with(http)) {
    url.remove_prefix(http.size());
    endpoint.encryption = Encryption::none;
    endpoint.port = 80;
    if (local != LocalAddresses::allowed) {
      return bad(
          "begins with http://: what is asked would be readable on its way, use https://, or "
          "RUBRICON_AI_ALLOW_PRIVATE for a model in your own network");
    }
  } else {
    return bad("begins with neither https:// nor http://");
  }
  const auto slash = url.find('/');
  const auto authority = url.substr(0, slash);
  if (authority.contains('@')) return bad("has a user in it: the key goes into RUBRICON_AI_KEY");
  if (const auto done = take_authority(authority, endpoint, local); !done) {
    return std::unexpected(done.error());
  }
  const auto path = slash == std::string_view::npos ? std::string_view() : url.substr(slash);
  if (const auto done = take_path(path, endpoint); !done) return std::unexpected(done.error());
  return endpoint;
}

std::string Endpoint::url() const {
  return origin() + path + std::string(completions);
}

std::string Endpoint::origin() const {
  const bool six = host.contains(':');
  return fmt::format("{}://{}{}{}:{}", encryption == Encryption::tls ? "https" : "http",
                     six ? "[" : "", host, six ? "]" : "", port);
}

}  // namespace rubricon::ai_http
