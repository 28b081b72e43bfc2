#include <rubricon/ai_http/address_rules.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_http {
namespace {

AddressKind kind(const char* text) {
  return kind_of(boost::asio::ip::make_address(text));
}

TEST(AddressRulesTest, what_surrounds_a_range_is_of_the_internet) {
  for (const auto* text : {"1.1.1.1",
                           "9.255.255.255",
                           "11.0.0.0",
                           "100.63.255.255",
                           "100.128.0.0",
                           "126.255.255.255",
                           "128.0.0.0",
                           "169.253.255.255",
                           "169.255.0.0",
                           "172.15.255.255",
                           "172.32.0.0",
                           "192.0.1.0",
                           "192.0.3.0",
                           "192.167.255.255",
                           "192.169.0.0",
                           "198.17.255.255",
                           "198.20.0.0",
                           "198.51.99.255",
                           "198.51.101.0",
                           "203.0.112.255",
                           "203.0.114.0",
                           "223.255.255.255",
                           "2606:4700::1111",
                           "2a00:1450::1",
                           "2001:4860:4860::8888",
                           "64:ff9b::8.8.8.8",
                           "3fff:1000::1"}) {
    EXPECT_EQ(kind(text), AddressKind::open) << text;
  }
}

TEST(AddressRulesTest, loopback_and_private_ranges_are_local_to_their_ends) {
  for (const auto* text : {"10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255",
                           "127.0.0.1", "127.255.255.255", "172.16.0.0", "172.31.255.255",
                           "192.168.0.0", "192.168.255.255", "::1", "fc00::1", "fdff:ffff::1"}) {
    EXPECT_EQ(kind(text), AddressKind::local) << text;
  }
}

TEST(AddressRulesTest, link_local_mapped_tunnelled_and_reserved_addresses_are_forbidden) {
  for (const auto* text : {"0.0.0.0",
                           "0.255.255.255",
                           "169.254.0.0",
                           "169.254.169.254",
                           "169.254.255.255",
                           "192.0.0.1",
                           "192.0.2.1",
                           "192.88.99.1",
                           "198.18.0.0",
                           "198.19.255.255",
                           "198.51.100.7",
                           "203.0.113.7",
                           "224.0.0.1",
                           "239.255.255.255",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "fe80::1",
                           "febf::1",
                           "fec0::1",
                           "ff02::1",
                           "::ffff:127.0.0.1",
                           "::ffff:8.8.8.8",
                           "::127.0.0.1",
                           "64:ff9b::127.0.0.1",
                           "64:ff9b::169.254.169.254",
                           "64:ff9b:1::1",
                           "100::1",
                           "2001::1",
                           "2001:1ff::1",
                           "2001:db8::1",
                           "2002:7f00:1::",
                           "3fff::1",
                           "4000::1",
                           "fbff::1"}) {
    EXPECT_EQ(kind(text), AddressKind::forbidden) << text;
  }
}

TEST(AddressRulesTest, a_key_goes_over_the_internet_only_encrypted_and_home_only_where_allowed) {
  const auto may = [](const char* text, Encryption encryption, LocalAddresses local) {
    return may_connect(boost::asio::ip::make_address(text), encryption, local);
  };
  for (const auto local : {LocalAddresses::refused, LocalAddresses::allowed}) {
    EXPECT_TRUE(may("1.1.1.1", Encryption::tls, local));
    EXPECT_FALSE(may("1.1.1.1", Encryption::none, local));
    EXPECT_FALSE(may("169.254.169.254", Encryption::tls, local));
    EXPECT_FALSE(may("::ffff:10.0.0.1", Encryption::tls, local));
  }
  for (const auto encryption : {Encryption::tls, Encryption::none}) {
    EXPECT_TRUE(may("10.0.0.1", encryption, LocalAddresses::allowed));
    EXPECT_FALSE(may("10.0.0.1", encryption, LocalAddresses::refused));
    EXPECT_FALSE(may("::1", encryption, LocalAddresses::refused));
  }
}

}  // namespace
}  // namespace rubricon::ai_http
