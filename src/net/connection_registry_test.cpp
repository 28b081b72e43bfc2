#include <rubricon/net/connection_registry.hpp>

#include <gtest/gtest.h>

#include <string>

namespace rubricon::net {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::make_address;
using Counting = ConnectionRegistry::Counting;

class Recorder final : public ConnectionRegistry::Member {
 public:
  void on_tick(LoopTime now) override {
    story += "tick" + std::to_string(now.count()) + " ";
    if (leave_on_tick) place.reset();
  }
  void on_draining() override { story += "draining "; }
  void drop() override {
    story += "drop ";
    place.reset();
  }

  std::optional<ConnectionRegistry::Place> place;
  std::string story;
  bool leave_on_tick = false;
};

class ConnectionRegistryTest : public ::testing::Test {
 protected:
  bool admit(Recorder& member, const char* address, Counting counting = Counting::by_address) {
    auto place = registry.admit(make_address(address), counting);
    if (!place) return false;
    member.place.emplace(*std::move(place));
    member.place->occupy(member);
    return true;
  }

  observability::Gauge open;
  ConnectionRegistry registry{{.connections = 4, .connections_per_address = 2}, open};
  Recorder a, b, c, d, e;
};

TEST_F(ConnectionRegistryTest, bounds_the_connections_of_an_address_and_of_all) {
  EXPECT_TRUE(admit(a, "192.0.2.1"));
  EXPECT_TRUE(admit(b, "::ffff:192.0.2.1"));
  EXPECT_FALSE(admit(c, "192.0.2.1"));
  EXPECT_TRUE(admit(c, "192.0.2.1", Counting::total_only));
  EXPECT_TRUE(admit(d, "192.0.2.2"));
  EXPECT_FALSE(admit(e, "192.0.2.3"));
  a.place.reset();
  EXPECT_TRUE(admit(e, "192.0.2.1"));
  EXPECT_EQ(registry.size(), 4u);
  EXPECT_EQ(open.value(), 4);
}

TEST_F(ConnectionRegistryTest, counts_ipv6_addresses_by_their_network) {
  EXPECT_TRUE(admit(a, "2001:db8:1:2::1"));
  EXPECT_TRUE(admit(b, "2001:db8:1:2::2"));
  EXPECT_FALSE(admit(c, "2001:db8:1:2:ffff::3"));
  EXPECT_TRUE(admit(c, "2001:db8:1:3::1"));
}

TEST_F(ConnectionRegistryTest, ticks_those_that_want_it) {
  ASSERT_TRUE(admit(a, "192.0.2.1") && admit(b, "192.0.2.2"));
  b.place->want_no_ticks();
  b.place->want_no_ticks();
  registry.advance(250ms);
  b.place->want_ticks();
  registry.advance(250ms);
  EXPECT_EQ(registry.now(), 500ms);
  EXPECT_EQ(a.story, "tick250 tick500 ");
  EXPECT_EQ(b.story, "tick500 ");
}

TEST_F(ConnectionRegistryTest, members_may_leave_while_they_are_called) {
  ASSERT_TRUE(admit(a, "192.0.2.1") && admit(b, "192.0.2.2") && admit(c, "192.0.2.3"));
  a.leave_on_tick = b.leave_on_tick = true;
  int emptied = 0;
  registry.on_empty([&emptied] { ++emptied; });
  registry.advance(1ms);
  EXPECT_EQ(registry.size(), 1u);
  c.place->want_no_ticks();
  registry.tell_draining();
  registry.drop_all();
  EXPECT_EQ(c.story, "tick1 draining drop ");
  EXPECT_EQ(registry.size(), 0u);
  EXPECT_EQ(emptied, 1);
}

}  // namespace
}  // namespace rubricon::net
