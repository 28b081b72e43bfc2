#include <rubricon/ai_http/address_rules.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>

namespace rubricon::ai_http {
namespace {

namespace ip = boost::asio::ip;

struct Range4 {
  std::uint32_t first;
  int bits;
  AddressKind kind;
};

constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c = 0) {
  return a << 24 | b << 16 | c << 8;
}

constexpr std::array<Range4, 15> ranges4 = {{
    {v4(0, 0), 8, AddressKind::forbidden},           // this network
    {v4(10, 0), 8, AddressKind::local},              // private
    {v4(100, 64), 10, AddressKind::local},           // behind a carrier's translator
    {v4(127, 0), 8, AddressKind::local},             // loopback
    {v4(169, 254), 16, AddressKind::forbidden},      // link-local
    {v4(172, 16), 12, AddressKind::local},           // private
    {v4(192, 0, 0), 24, AddressKind::forbidden},     // protocols
    {v4(192, 0, 2), 24, AddressKind::forbidden},     // documentation
    {v4(192, 88, 99), 24, AddressKind::forbidden},   // 6to4 relays
    {v4(192, 168), 16, AddressKind::local},          // private
    {v4(198, 18), 15, AddressKind::forbidden},       // benchmarks
    {v4(198, 51, 100), 24, AddressKind::forbidden},  // documentation
    {v4(203, 0, 113), 24, AddressKind::forbidden},   // documentation
    {v4(224, 0), 4, AddressKind::forbidden},         // multicast
    {v4(240, 0), 4, AddressKind::forbidden},         // reserved, broadcast
}};

AddressKind kind_of(const ip::address_v4& address) {
  const auto found = std::ranges::find_if(ranges4, [&](const Range4& range) {
    return (address.to_uint() ^ range.first) >> (32 - range.bits) == 0;
  });
  return found == ranges4.end() ? AddressKind::open : found->kind;
}

bool begins_with(const ip::address_v6::bytes_type& bytes, std::initializer_list<int> prefix) {
  return std::equal(prefix.begin(), prefix.end(), bytes.begin(),
                    [](int wanted, unsigned char byte) { return wanted == byte; });
}

AddressKind kind_of(const ip::address_v6& address) {
  if (address.is_loopback()) return AddressKind::local;
  const auto bytes = address.to_bytes();
  if (begins_with(bytes, {0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0})) {
    // NAT64: the way to IPv4 in networks without it. What is behind it counts.
    const ip::address_v4 inner({bytes[12], bytes[13], bytes[14], bytes[15]});
    return kind_of(inner) == AddressKind::open ? AddressKind::open : AddressKind::forbidden;
  }
  if ((bytes[0] & 0xFE) == 0xFC) return AddressKind::local;      // unique local
  if ((bytes[0] & 0xE0) != 0x20) return AddressKind::forbidden;  // only 2000::/3 is global unicast
  if (begins_with(bytes, {0x20, 0x01, 0x0D, 0xB8})) return AddressKind::forbidden;  // documentation
  if (begins_with(bytes, {0x20, 0x01, 0x00}) || begins_with(bytes, {0x20, 0x01, 0x01})) {
    return AddressKind::forbidden;  // 2001::/23: Teredo and other protocols
  }
  if (begins_with(bytes, {0x20, 0x02})) return AddressKind::forbidden;  // 6to4
  if (begins_with(bytes, {0x3F, 0xFF}) && bytes[2] < 0x10) return AddressKind::forbidden;
  return AddressKind::open;
}

}  // namespace

AddressKind kind_of(const ip::address& address) {
  return address.is_v4() ? kind_of(address.to_v4()) : kind_of(address.to_v6());
}

bool may_connect(const ip::address& address, Encryption encryption, LocalAddresses local) {
  switch (kind_of(address)) {
    case AddressKind::open: return encryption == Encryption::tls;
    case AddressKind::local: return local == LocalAddresses::allowed;
    case AddressKind::forbidden: return false;
  }
  return false;
}

}  // namespace rubricon::ai_http
