#include <rubricon/net/network_of.hpp>

#include <gtest/gtest.h>

namespace rubricon::net {
namespace {

TEST(NetworkOf, an_ipv6_subscriber_is_one_network_and_an_ipv4_address_is_itself) {
  EXPECT_EQ(network_of("2001:db8::1"), network_of("2001:db8:0:0:ffff::2"));
  EXPECT_NE(network_of("2001:db8::1"), network_of("2001:db8:0:1::1"));
  EXPECT_EQ(network_of("::ffff:192.0.2.1"), network_of("192.0.2.1"));
  EXPECT_NE(network_of("192.0.2.1"), network_of("192.0.2.2"));
  EXPECT_EQ(network_of("no address"), "no address");
}

}  // namespace
}  // namespace rubricon::net
