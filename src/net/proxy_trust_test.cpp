#include <rubricon/net/proxy_trust.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace rubricon::net {
namespace {

using boost::asio::ip::make_address;

std::string client(const ProxyTrust& trust, const char* peer, HttpHeaders headers) {
  const auto found = trust.client(make_address(peer), headers);
  return found.address + (found.secure ? " https" : "");
}

TEST(ProxyTrustTest, believes_nobody_without_configuration) {
  const ProxyTrust trust({});
  EXPECT_EQ(client(trust, "127.0.0.1",
                   {{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-Proto", "https"}}),
            "127.0.0.1");
}

TEST(ProxyTrustTest, takes_the_last_address_that_no_proxy_of_ours_is) {
  const ProxyTrust trust({"10.0.0.0/8", "fd00::/8"});
  // What the client wrote itself stands to the left and never counts.
  EXPECT_EQ(client(trust, "10.1.2.3", {{"X-Forwarded-For", "1.1.1.1, 203.0.113.9"}}),
            "203.0.113.9");
  EXPECT_EQ(client(trust, "10.1.2.3", {{"X-Forwarded-For", "1.1.1.1, 203.0.113.9, 10.9.9.9"}}),
            "203.0.113.9");
  EXPECT_EQ(client(trust, "fd00::1",
                   {{"x-forwarded-for", "1.1.1.1"}, {"X-Forwarded-For", "[2001:db8::7]:4711"}}),
            "2001:db8::7");
  EXPECT_EQ(client(trust, "10.1.2.3", {{"X-Forwarded-For", "203.0.113.9:99"}}), "203.0.113.9");
  EXPECT_EQ(client(trust, "203.0.113.1", {{"X-Forwarded-For", "1.1.1.1"}}), "203.0.113.1");
}

TEST(ProxyTrustTest, stops_at_what_it_cannot_read) {
  const ProxyTrust trust({"10.0.0.0/8"});
  for (const char* bad : {"", "unknown", "1.2.3", "[::1", "1.2.3.4, garbage", "a:b:c:d:e"}) {
    EXPECT_EQ(client(trust, "10.0.0.1", {{"X-Forwarded-For", bad}}), "10.0.0.1") << bad;
  }
  EXPECT_EQ(client(trust, "10.0.0.1", {}), "10.0.0.1");
}

TEST(ProxyTrustTest, believes_the_protocol_of_the_nearest_proxy) {
  const ProxyTrust trust({"127.0.0.1"});
  EXPECT_EQ(client(trust, "127.0.0.1", {{"X-Forwarded-Proto", "HTTPS"}}), "127.0.0.1 https");
  EXPECT_EQ(client(trust, "127.0.0.1", {{"X-Forwarded-Proto", "https, http"}}), "127.0.0.1");
  EXPECT_EQ(client(trust, "127.0.0.2", {{"X-Forwarded-Proto", "https"}}), "127.0.0.2");
}

TEST(ProxyTrustTest, matches_networks_by_their_prefix) {
  const ProxyTrust trust({"192.0.2.128/25", "2001:db8::/33", "::1"});
  EXPECT_TRUE(trust.trusts(make_address("192.0.2.200")));
  EXPECT_FALSE(trust.trusts(make_address("192.0.2.100")));
  EXPECT_TRUE(trust.trusts(make_address("::ffff:192.0.2.129")));
  EXPECT_TRUE(trust.trusts(make_address("2001:db8:7fff::1")));
  EXPECT_FALSE(trust.trusts(make_address("2001:db8:8000::1")));
  EXPECT_TRUE(trust.trusts(make_address("::1")));
  EXPECT_FALSE(trust.trusts(make_address("::2")));
  EXPECT_TRUE(ProxyTrust({"0.0.0.0/0"}).trusts(make_address("8.8.8.8")));
}

TEST(ProxyTrustTest, refuses_entries_that_are_no_networks) {
  for (const char* bad :
       {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "10.0.0.0/8x"}) {
    EXPECT_THROW(ProxyTrust({bad}), std::invalid_argument) << bad;
  }
}

}  // namespace
}  // namespace rubricon::net
