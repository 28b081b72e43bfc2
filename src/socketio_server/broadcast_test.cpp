// tests: namespace_state.cpp
#include <rubricon/socketio_server/broadcast.hpp>

#include "fake_net_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rubricon::socketio_server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using namespace std::chrono_literals;

/// Four clients: 0 and 1 in "a", 1 and 2 in "b", 3 in none.
class BroadcastTest : public testing::FakeServerTest {
 protected:
  BroadcastTest() {
    remember_sockets();
    for (int i = 0; i < 4; ++i) clients.push_back(join());
    sockets[0]->join("a");
    sockets[1]->join("a");
    sockets[1]->join("b");
    sockets[2]->join("b");
  }
  /// Who has heard something, once for each time.
  std::vector<int> hearers() {
    std::vector<int> who;
    for (int i = 0; i < 4; ++i) {
      for (std::size_t n = clients[static_cast<std::size_t>(i)]->heard().size(); n > 0; --n) {
        who.push_back(i);
      }
    }
    return who;
  }

  std::vector<std::shared_ptr<testing::FakeWebSocket>> clients;
};

// Goal: reference 3.1, the union of rooms without the excepted, each socket once.
TEST_F(BroadcastTest, reaches_exactly_who_it_names) {
  EXPECT_EQ(nsp->emit("x"), 4u);
  EXPECT_THAT(hearers(), ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(nsp->to("a").emit("x"), 2u);
  EXPECT_THAT(hearers(), ElementsAre(0, 1));
  nsp->to("a").to("b").emit("x");
  EXPECT_THAT(hearers(), ElementsAre(0, 1, 2));
  nsp->to("a").to("b").except("b").emit("x");
  EXPECT_THAT(hearers(), ElementsAre(0));
  nsp->except("a").emit("x");
  EXPECT_THAT(hearers(), ElementsAre(2, 3));
  EXPECT_EQ(nsp->to("nobody").emit("x"), 0u);
  EXPECT_THAT(hearers(), IsEmpty());
}

TEST_F(BroadcastTest, leaves_the_sender_out) {
  sockets[1]->to("a").emit("x");
  EXPECT_THAT(hearers(), ElementsAre(0));
  sockets[1]->broadcast().emit("x");
  EXPECT_THAT(hearers(), ElementsAre(0, 2, 3));
}

TEST_F(BroadcastTest, knows_the_room_of_a_single_socket) {
  nsp->to(sockets[3]->id()).to("a").except(sockets[0]->id()).emit("x");
  EXPECT_THAT(hearers(), ElementsAre(1, 3));
}

// Goal: encoded once: all clients got the very same bytes.
TEST_F(BroadcastTest, shares_one_frame) {
  nsp->to("a").emit("x", {1});
  ASSERT_EQ(clients[0]->frames.size(), 1u);
  EXPECT_EQ(clients[0]->frames[0].get(), clients[1]->frames[0].get());
}

TEST_F(BroadcastTest, sheds_for_the_slow_only) {
  clients[0]->queued = 600'000;
  EXPECT_EQ(nsp->to("a").delivery(Delivery::ephemeral).emit("x"), 1u);
  EXPECT_THAT(hearers(), ElementsAre(1));
  EXPECT_EQ(nsp->to("a").volatile_().emit("x"), 1u);
  EXPECT_EQ(server->counters().shed_total, 2u);
}

// Goal: a slow consumer that is closed in the middle of a broadcast disturbs nobody.
TEST_F(BroadcastTest, survives_members_that_go_meanwhile) {
  clients[0]->queued = 2 << 20;
  sockets[0]->on_disconnect([this](Reason) {
    nsp->emit("gone");
    sockets[1]->disconnect(Close::silent);
  });
  EXPECT_EQ(nsp->to("a").to("b").emit("x"), 1u);
  EXPECT_THAT(clients[2]->heard(), ElementsAre("42[\"gone\"]", "42[\"x\"]"));
  EXPECT_EQ(nsp->socket_count(), 2u);
  const auto fresh = join();
  EXPECT_EQ(nsp->emit("y"), 3u);
}

TEST_F(BroadcastTest, gathers_answers) {
  std::vector<std::size_t> result;
  nsp->to("a").emit_with_ack(
      "q", {}, 1s, [&](BroadcastAcks acks) { result = {acks.answers.size(), acks.missing}; });
  EXPECT_THAT(clients[0]->heard(), ElementsAre("420[\"q\"]"));
  clients[0]->say("430[1]");
  EXPECT_THAT(result, IsEmpty());
  clients[1]->go_away();
  EXPECT_THAT(result, ElementsAre(1u, 1u));
  bool called = false;
  nsp->to("nobody").emit_with_ack("q", {}, 1s, [&](BroadcastAcks) { called = true; });
  EXPECT_TRUE(called);
}

TEST_F(BroadcastTest, manages_many_sockets_at_once) {
  nsp->to("a").join("c");
  EXPECT_EQ(nsp->room_size("c"), 2u);
  EXPECT_EQ(nsp->to("c").count(), 2u);
  nsp->to("c").leave("a");
  EXPECT_EQ(nsp->room_size("a"), 0u);
  nsp->all().for_each([](Socket& socket) { socket.disconnect(Close::transport); });
  EXPECT_EQ(nsp->socket_count(), 0u);
  EXPECT_THAT(nsp->rooms(), IsEmpty());
}

TEST_F(BroadcastTest, finds_sockets_by_id) {
  EXPECT_EQ(nsp->find(sockets[2]->id()), sockets[2]);
  EXPECT_EQ(nsp->find("nobody"), nullptr);
}

}  // namespace
}  // namespace rubricon::socketio_server
