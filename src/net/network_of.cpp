#include <rubricon/net/network_of.hpp>

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace rubricon::net {

std::string network_of(std::string_view address) {
  std::array<unsigned char, 16> bytes{};
  const std::string text(address);
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  constexpr std::array<unsigned char, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(mapped_prefix.begin(), mapped_prefix.end(), bytes.begin())) {
    std::array<char, INET_ADDRSTRLEN> v4{};
    ::inet_ntop(AF_INET, bytes.data() + mapped_prefix.size(), v4.data(), v4.size());
    return v4.data();
  }
  return std::string(bytes.begin(), bytes.begin() + 8);
}

}  // namespace rubricon::net
