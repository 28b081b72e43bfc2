#include <rubricon/net/proxy_trust.hpp>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace rubricon::net {
namespace ip = boost::asio::ip;
namespace {

bool same_prefix(const auto& a, const auto& b, unsigned bits) {
  for (unsigned i = 0; i < bits; ++i) {
    const unsigned shift = 7 - i % 8;
    if ((a[i / 8] >> shift & 1) != (b[i / 8] >> shift & 1)) return false;
  }
  return true;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Elements of all the fields, from the left.
std::vector<std::string_view> elements(const HttpHeaders& headers, std::string_view name) {
  std::vector<std::string_view> found;
  for (const auto& field : headers) {
    if (!equals_ignoring_case(field.name, name)) continue;
    std::string_view list = field.value;
    for (;;) {
      const auto comma = list.find(',');
      found.push_back(trim(list.substr(0, comma)));
      if (comma == std::string_view::npos) break;
      list.remove_prefix(comma + 1);
    }
  }
  return found;
}

/// Proxies write "192.0.2.1", "192.0.2.1:4711", "2001:db8::1" and "[2001:db8::1]:4711".
std::optional<ip::address> parse_address(std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    text = text.substr(1, end - 1);
  } else if (std::ranges::count(text, ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  boost::system::error_code error;
  const auto address = ip::make_address(text, error);
  if (error) return std::nullopt;
  return without_mapping(address);
}

}  // namespace

ip::address without_mapping(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  }
  return address;
}

ProxyTrust::ProxyTrust(const std::vector<std::string>& networks) {
  for (const auto& text : networks) networks_.push_back(parse(text));
}

ProxyTrust::Network ProxyTrust::parse(const std::string& text) {
  const auto slash = text.find('/');
  boost::system::error_code error;
  const auto address = ip::make_address(text.substr(0, slash), error);
  if (error) throw std::invalid_argument("not an address or network: " + text);
  const unsigned bits = address.is_v4() ? 32 : 128;
  unsigned prefix = bits;
  if (slash != std::string::npos) {
    const char* const last = text.data() + text.size();
    const auto [end, problem] = std::from_chars(text.data() + slash + 1, last, prefix);
    if (problem != std::errc() || end != last || prefix > bits) {
      throw std::invalid_argument("not an address or network: " + text);
    }
  }
  return {address, prefix};
}

bool ProxyTrust::trusts(const ip::address& peer) const {
  const auto address = without_mapping(peer);
  return std::ranges::any_of(networks_, [&address](const Network& network) {
    if (network.address.is_v4() != address.is_v4()) return false;
    if (address.is_v4()) {
      return same_prefix(address.to_v4().to_bytes(), network.address.to_v4().to_bytes(),
                         network.prefix);
    }
    return same_prefix(address.to_v6().to_bytes(), network.address.to_v6().to_bytes(),
                       network.prefix);
  });
}

ProxyTrust::Client ProxyTrust::client(const ip::address& peer, const HttpHeaders& headers) const {
  auto address = without_mapping(peer);
  if (!trusts(address)) return {.address = address.to_string()};
  const auto hops = elements(headers, "X-Forwarded-For");
  for (auto hop = hops.rbegin(); hop != hops.rend() && trusts(address); ++hop) {
    const auto next = parse_address(*hop);
    if (!next) break;
    address = *next;
  }
  const auto protocols = elements(headers, "X-Forwarded-Proto");
  const bool secure = !protocols.empty() && equals_ignoring_case(protocols.back(), "https");
  return {.address = address.to_string(), .secure = secure};
}

}  // namespace rubricon::net
