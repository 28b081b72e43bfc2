#include <rubricon/socketio_server/socket.hpp>

#include "fake_net_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace rubricon::socketio_server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using namespace std::chrono_literals;
namespace json = boost::json;

class SocketTest : public testing::FakeServerTest {
 protected:
  SocketTest() {
    remember_sockets();
    client = join(R"({"token":"secret"})");
  }
  Socket& socket() { return *sockets.front(); }

  std::shared_ptr<testing::FakeWebSocket> client;
};

TEST_F(SocketTest, emits_values_and_bytes) {
  EXPECT_EQ(socket().emit("a", {1, "two", Binary("x")}), EmitStatus::queued);
  EXPECT_THAT(client->heard(),
              ElementsAre(R"(451-["a",1,"two",{"_placeholder":true,"num":0}])", "<x>"));
}

TEST_F(SocketTest, refuses_what_clients_would_refuse) {
  EXPECT_EQ(socket().emit("connect"), EmitStatus::refused);
  Args many;
  for (int i = 0; i < 11; ++i) many.push(Binary("x"));
  EXPECT_EQ(socket().emit("a", many), EmitStatus::refused);
  EXPECT_THAT(client->heard(), IsEmpty());
}

TEST_F(SocketTest, sends_prepared_events) {
  const auto event = nsp->prepare_json("new-msg", R"({"seq":1})");
  EXPECT_EQ(socket().emit(*event, Delivery::ephemeral), EmitStatus::queued);
  EXPECT_THAT(client->heard(), ElementsAre(R"(42["new-msg",{"seq":1}])"));
}

TEST_F(SocketTest, hears_answers_to_what_it_asked) {
  std::vector<std::string> answers;
  const auto handler = [&](std::expected<Args, AckFailure> answer) {
    answers.push_back(answer ? std::string((*answer)[0].as_string()) : "failed");
  };
  EXPECT_EQ(socket().emit_with_ack("q", {1}, 1s, handler), EmitStatus::queued);
  EXPECT_EQ(socket().emit_with_ack("q", {2}, 1s, handler), EmitStatus::queued);
  EXPECT_THAT(client->heard(), ElementsAre("420[\"q\",1]", "421[\"q\",2]"));
  client->say("431[\"second\"]");
  client->say("431[\"again\"]");
  client->say("439[\"stranger\"]");
  EXPECT_THAT(answers, ElementsAre("second"));
  client->go_away();
  EXPECT_THAT(answers, ElementsAre("second", "failed"));
}

TEST_F(SocketTest, bounds_the_answers_it_waits_for) {
  reset({.acks_pending_max = 1});
  remember_sockets();
  sockets.clear();
  const auto other = join();
  const auto ignore = [](std::expected<Args, AckFailure>) {};
  EXPECT_EQ(socket().emit_with_ack("q", {}, 1s, ignore), EmitStatus::queued);
  EXPECT_EQ(socket().emit_with_ack("q", {}, 1s, ignore), EmitStatus::refused);
}

TEST_F(SocketTest, is_in_rooms) {
  EXPECT_TRUE(socket().join("a"));
  EXPECT_TRUE(socket().join("b"));
  EXPECT_TRUE(socket().join("b"));
  EXPECT_THAT(socket().rooms(), UnorderedElementsAre("a", "b"));
  EXPECT_TRUE(socket().in_room(socket().id()));
  EXPECT_EQ(nsp->room_size("a"), 1u);
  socket().leave("a");
  EXPECT_THAT(nsp->rooms(), ElementsAre("b"));
}

TEST_F(SocketTest, bounds_its_rooms) {
  reset({.rooms_per_socket_max = 2});
  remember_sockets();
  sockets.clear();
  const auto other = join();
  EXPECT_TRUE(socket().join("a"));
  EXPECT_TRUE(socket().join("b"));
  EXPECT_FALSE(socket().join("c"));
}

// Goal: whoever cleans up after a socket still sees where it was.
TEST_F(SocketTest, names_its_rooms_to_the_disconnect_handler) {
  socket().join("a");
  std::vector<std::string> rooms;
  Reason reason{};
  socket().on_disconnect([&](Reason why) {
    reason = why;
    rooms = socket().rooms();
    EXPECT_FALSE(socket().connected());
  });
  client->go_away();
  EXPECT_EQ(reason, Reason::transport_close);
  EXPECT_THAT(rooms, ElementsAre("a"));
  EXPECT_THAT(socket().rooms(), IsEmpty());
  EXPECT_EQ(nsp->room_size("a"), 0u);
  EXPECT_EQ(socket().emit("x"), EmitStatus::closed);
  EXPECT_FALSE(socket().join("b"));
}

TEST_F(SocketTest, disconnects_in_three_ways) {
  socket().disconnect();
  EXPECT_THAT(client->heard(), ElementsAre("41"));
  const auto second = join();
  sockets[1]->disconnect(Close::transport);
  EXPECT_THAT(second->heard(), ElementsAre("41"));
  EXPECT_TRUE(second->close_code.has_value());
  const auto third = join();
  sockets[2]->disconnect(Close::silent);
  EXPECT_THAT(third->heard(), IsEmpty());
  EXPECT_TRUE(third->close_code.has_value());
}

TEST_F(SocketTest, forgets_secrets_when_told) {
  EXPECT_EQ(socket().auth().at("token"), "secret");
  socket().discard_handshake();
  EXPECT_TRUE(socket().auth().is_null());
  EXPECT_TRUE(socket().handshake().headers.empty());
  EXPECT_EQ(socket().handshake().remote_address, "192.0.2.1");
}

TEST_F(SocketTest, holds_data_of_the_application) {
  struct User {
    int id;
  };
  EXPECT_EQ(socket().data<User>(), nullptr);
  socket().set_data(User{7});
  EXPECT_EQ(socket().data<User>()->id, 7);
  EXPECT_EQ(socket().data<int>(), nullptr);
}

// Goal: a handler may replace itself while it runs.
TEST_F(SocketTest, lets_a_handler_replace_itself) {
  std::vector<int> calls;
  socket().on("x", [&](Event&) {
    calls.push_back(1);
    socket().on("x", [&](Event&) { calls.push_back(2); });
    calls.push_back(1);
  });
  client->say("42[\"x\"]");
  client->say("42[\"x\"]");
  EXPECT_THAT(calls, ElementsAre(1, 1, 2));
}

}  // namespace
}  // namespace rubricon::socketio_server
