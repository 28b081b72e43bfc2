// tests: admission.cpp
// tests: connection.cpp
// tests: namespace.cpp
// tests: server_state.cpp
#include <rubricon/socketio_server/server.hpp>

#include "fake_net_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <vector>

namespace rubricon::socketio_server {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using ServerTest = testing::FakeServerTest;
namespace json = boost::json;

// Goal: the answer to CONNECT goes out before anything the application emits.
TEST_F(ServerTest, answers_before_the_application_speaks) {
  nsp->on_connection([](const SocketPtr& socket) { socket->emit("welcome"); });
  const auto client = connect();
  EXPECT_THAT(client->heard(), ElementsAre(StartsWith("40{\"sid\":\""), "42[\"welcome\"]"));
  EXPECT_EQ(server->counters().sockets_now, 1u);
}

TEST_F(ServerTest, pauses_after_the_answer_when_told_to) {
  Environment real = environment();
  real.now = [] { return std::chrono::steady_clock::now(); };
  Server pausing(io.get_executor(), real, {.connect_pause = std::chrono::milliseconds(20)});
  pausing.of("/").on_connection([](const SocketPtr& socket) { socket->emit("welcome"); });
  const auto websocket = open_websocket(pausing.http());
  websocket->heard();
  websocket->say("40");
  EXPECT_THAT(websocket->heard(), ElementsAre(StartsWith("40{\"sid\":\"")));
  io.restart();
  io.run_for(std::chrono::milliseconds(100));
  EXPECT_THAT(websocket->heard(), ElementsAre("42[\"welcome\"]"));
}

TEST_F(ServerTest, asks_every_middleware_in_order) {
  std::vector<std::string> asked;
  nsp->use([&](Admission admission) {
    asked.push_back("first");
    admission.accept(std::string("user"));
  });
  nsp->use([&](Admission admission) {
    asked.push_back("second");
    admission.accept();
  });
  std::string data;
  nsp->on_connection([&](const SocketPtr& socket) { data = *socket->data<std::string>(); });
  connect();
  EXPECT_THAT(asked, ElementsAre("first", "second"));
  EXPECT_EQ(data, "user");
}

TEST_F(ServerTest, refuses_with_message_and_data) {
  nsp->use([](Admission admission) {
    admission.refuse({"unauthorized", json::object{{"code", "token_expired"}}});
  });
  const auto client = connect();
  EXPECT_THAT(client->heard(),
              ElementsAre(R"(44{"message":"unauthorized","data":{"code":"token_expired"}})"));
  EXPECT_EQ(server->counters().admissions_refused_total, 1u);
  EXPECT_EQ(client->close_code, std::nullopt);
}

// Goal: an asynchronous check; what the client sends meanwhile waits.
TEST_F(ServerTest, waits_for_an_answer_that_comes_later) {
  std::optional<Admission> waiting;
  nsp->use([&](Admission admission) { waiting = admission; });
  nsp->on("hi", [](const SocketPtr& socket, Event&) { socket->emit("hi back"); });
  const auto client = connect(R"({"token":"t"})");
  client->say("42[\"hi\"]");
  EXPECT_THAT(client->heard(), IsEmpty());
  EXPECT_EQ(waiting->auth().at("token"), "t");
  EXPECT_EQ(waiting->handshake().remote_address, "192.0.2.1");
  waiting->accept();
  waiting->accept();
  waiting->refuse({"too late", nullptr});
  EXPECT_THAT(client->heard(), ElementsAre(StartsWith("40{"), "42[\"hi back\"]"));
}

TEST_F(ServerTest, refuses_when_the_answer_gets_lost) {
  std::optional<Admission> waiting;
  nsp->use([&](Admission admission) { waiting = admission; });
  const auto client = connect();
  waiting.reset();
  EXPECT_THAT(client->heard(), ElementsAre(R"(44{"message":"internal error"})"));
}

// Goal: a middleware that answers twice does not answer for the next one.
TEST_F(ServerTest, counts_one_answer_of_each_middleware) {
  std::optional<Admission> waiting;
  nsp->use([](Admission admission) {
    admission.accept();
    admission.accept();
  });
  nsp->use([&](Admission admission) { waiting = admission; });
  const auto client = connect();
  EXPECT_THAT(client->heard(), IsEmpty());
  waiting->refuse({"no", nullptr});
  EXPECT_THAT(client->heard(), ElementsAre(R"(44{"message":"no"})"));
}

TEST_F(ServerTest, tells_a_check_that_the_client_has_gone) {
  std::optional<Admission> waiting;
  nsp->use([&](Admission admission) { waiting = admission; });
  const auto client = connect();
  EXPECT_FALSE(waiting->cancelled());
  client->go_away();
  EXPECT_TRUE(waiting->cancelled());
  waiting->accept();
  EXPECT_EQ(nsp->socket_count(), 0u);
}

TEST_F(ServerTest, refuses_namespaces_that_nobody_made) {
  const auto client = open_websocket(server->http());
  client->heard();
  client->say("40/other,");
  EXPECT_THAT(client->heard(), ElementsAre(R"(44/other,{"message":"Invalid namespace"})"));
}

// Goal: one handler an event: namespace, socket, socket's any, namespace's any.
TEST_F(ServerTest, gives_an_event_to_one_handler) {
  std::vector<std::string> handled;
  nsp->on("a", [&](const SocketPtr&, Event&) { handled.push_back("namespace"); });
  nsp->on_any(
      [&](const SocketPtr&, Event& event) { handled.push_back("any " + std::string(event.name)); });
  nsp->on_connection([&](const SocketPtr& socket) {
    socket->on("a", [&](Event&) { handled.push_back("never"); });
    socket->on("b", [&](Event&) { handled.push_back("never"); });
    socket->on("b", [&](Event&) { handled.push_back("socket"); });
  });
  const auto client = join();
  for (const char* event : {"42[\"a\"]", "42[\"b\"]", "42[\"c\"]"}) client->say(event);
  EXPECT_THAT(handled, ElementsAre("namespace", "socket", "any c"));
}

TEST_F(ServerTest, acknowledges_once_and_only_who_asked) {
  std::optional<Ack> kept;
  nsp->on("ask", [&](const SocketPtr&, Event& event) {
    EXPECT_TRUE(event.ack.wanted());
    event.ack({1, Binary("x")});
    event.ack({2});
  });
  nsp->on("tell", [&](const SocketPtr&, Event& event) {
    EXPECT_FALSE(event.ack.wanted());
    event.ack({1});
  });
  nsp->on("later", [&](const SocketPtr&, Event& event) { kept = event.ack; });
  const auto client = join();
  client->say("427[\"ask\"]");
  client->say("42[\"tell\"]");
  EXPECT_THAT(client->heard(), ElementsAre(R"(461-7[1,{"_placeholder":true,"num":0}])", "<x>"));
  client->say("428[\"later\"]");
  (*kept)({"late"});
  EXPECT_THAT(client->heard(), ElementsAre("438[\"late\"]"));
  client->say("429[\"later\"]");
  client->go_away();
  (*kept)({"too late"});
}

// Goal: a gate sees every event first.
TEST_F(ServerTest, asks_the_gate) {
  std::vector<std::string> handled;
  nsp->set_gate([](const SocketPtr&, std::string_view event, std::size_t bytes) {
    EXPECT_GT(bytes, event.size());
    if (event == "flood") return Verdict::disconnect;
    return event == "drop" ? Verdict::drop : Verdict::deliver;
  });
  nsp->on_any([&](const SocketPtr&, Event& event) { handled.emplace_back(event.name); });
  const auto client = join();
  for (const char* event : {"42[\"a\"]", "42[\"drop\"]", "42[\"flood\"]", "42[\"b\"]"}) {
    client->say(event);
  }
  EXPECT_THAT(handled, ElementsAre("a"));
  EXPECT_EQ(client->close_code, 1008);
}

TEST_F(ServerTest, asks_what_to_do_with_a_slow_client) {
  reset({.engine = {.queue_bytes_max = 100}});
  remember_sockets();
  std::vector<std::size_t> asked;
  server->on_slow_consumer([&](Socket& socket, std::size_t queued) {
    EXPECT_EQ(&socket, sockets[0].get());
    asked.push_back(queued);
    return asked.size() == 1 ? SlowVerdict::keep : SlowVerdict::close;
  });
  const auto client = join();
  client->queued = 99;
  EXPECT_EQ(sockets[0]->emit("a"), EmitStatus::queued);
  EXPECT_EQ(sockets[0]->emit("a"), EmitStatus::closed);
  EXPECT_THAT(asked, ElementsAre(99u, 99u));
  EXPECT_FALSE(sockets[0]->connected());
}

TEST_F(ServerTest, ends_all_connections_without_a_word) {
  const auto client = join();
  std::vector<Reason> reasons;
  nsp->on_disconnect([&](const SocketPtr&, Reason reason) { reasons.push_back(reason); });
  complete(server->close_all({}));
  EXPECT_THAT(client->heard(), IsEmpty());
  EXPECT_THAT(reasons, ElementsAre(Reason::server_shutting_down));
}

// Goal: handlers may end anything at any time.
TEST_F(ServerTest, survives_handlers_that_disconnect) {
  nsp->on_connection([](const SocketPtr& socket) {
    if (socket->auth().as_object().contains("go")) socket->disconnect(Close::transport);
  });
  nsp->on("leave", [](const SocketPtr& socket, Event& event) {
    socket->disconnect();
    event.ack({1});
    EXPECT_EQ(socket->emit("x"), EmitStatus::closed);
  });
  const auto going = connect(R"({"go":1})");
  EXPECT_THAT(going->heard(), ElementsAre(StartsWith("40{"), "41"));
  EXPECT_TRUE(going->close_code.has_value());
  const auto client = join();
  client->say("421[\"leave\"]");
  EXPECT_THAT(client->heard(), ElementsAre("41"));
  EXPECT_EQ(nsp->socket_count(), 0u);
}

// Goal: recovery gives back id, rooms, data and what was missed, and asks the middleware again.
TEST_F(ServerTest, recovers_a_connection) {
  reset({.recovery = {.enabled = true}});
  int admitted = 0;
  nsp->use([&](Admission admission) {
    ++admitted;
    admission.accept();
  });
  remember_sockets();
  const auto client = connect();
  const auto answer = client->heard().front();
  const auto pid = answer.substr(answer.find("pid") + 6, 20);
  const auto id = sockets[0]->id();
  sockets[0]->join("r");
  sockets[0]->set_data(7);
  nsp->emit("seen");
  EXPECT_THAT(client->heard(), ElementsAre("42[\"seen\",\"1\"]"));
  client->go_away();
  nsp->to("r").emit("missed");
  nsp->to("other").emit("not mine");
  const auto again = connect(R"({"pid":")" + pid + R"(","offset":"1"})");
  EXPECT_THAT(again->heard(),
              ElementsAre("42[\"missed\",\"2\"]", StartsWith("40{\"sid\":\"" + id)));
  EXPECT_TRUE(sockets[1]->recovered());
  EXPECT_TRUE(sockets[1]->in_room("r"));
  EXPECT_EQ(*sockets[1]->data<int>(), 7);
  EXPECT_EQ(admitted, 2);
}

// Goal: reference 3.2: a connection that broke a rule, or that the server cut without a word.
TEST_F(ServerTest, recovers_a_connection_that_was_cut) {
  for (const auto reason : {Reason::transport_error, Reason::forced_close}) {
    reset({.recovery = {.enabled = true}});
    sockets.clear();
    remember_sockets();
    std::optional<Reason> ended;
    const auto client = connect();
    sockets[0]->on_disconnect([&](Reason why) { ended = why; });
    const auto answer = client->heard().front();
    const auto pid = answer.substr(answer.find("pid") + 6, 20);
    nsp->emit("seen");
    if (reason == Reason::transport_error) {
      client->say("2");
    } else {
      sockets[0]->disconnect(Close::silent);
    }
    client->go_away();
    EXPECT_EQ(ended, reason);
    nsp->emit("missed");
    const auto again = connect(R"({"pid":")" + pid + R"(","offset":"1"})");
    EXPECT_THAT(again->heard(), Contains("42[\"missed\",\"2\"]")) << to_string(reason);
    EXPECT_TRUE(sockets.back()->recovered());
  }
}

// Goal: the same for one that did not answer in time.
TEST_F(ServerTest, recovers_a_connection_that_timed_out) {
  reset({.engine = {.ping_interval = 300ms, .ping_timeout = 200ms}, .recovery = {.enabled = true}});
  remember_sockets();
  const auto sid = open_polling(server->http());
  const auto poll = [&] { return get(server->http(), session_query(sid)); };
  post(server->http(), session_query(sid), "40");
  std::optional<Reason> ended;
  sockets[0]->on_disconnect([&](Reason why) { ended = why; });
  const auto answer = std::string((*poll())->body.view());
  const auto pid = answer.substr(answer.find("pid") + 6, 20);
  nsp->emit("seen");
  poll();
  now += 330ms;
  EXPECT_EQ((*poll())->body.view(), "2");
  now += 170ms;
  EXPECT_EQ((*poll())->status, 400u);
  EXPECT_EQ(ended, Reason::ping_timeout);
  nsp->emit("missed");
  const auto again = connect(R"({"pid":")" + pid + R"(","offset":"1"})");
  EXPECT_THAT(again->heard(), Contains("42[\"missed\",\"2\"]"));
  EXPECT_TRUE(sockets.back()->recovered());
}

// Goal: reference 3.2: what may be dropped has no offset, so nobody waits for it.
TEST_F(ServerTest, gives_no_offset_to_what_may_be_dropped) {
  reset({.recovery = {.enabled = true}});
  remember_sockets();
  const auto client = connect();
  client->heard();
  nsp->all().volatile_().emit("by broadcast");
  sockets[0]->emit("to one", {}, Delivery::volatile_);
  nsp->emit("reliable");
  EXPECT_THAT(client->heard(),
              ElementsAre("42[\"by broadcast\"]", "42[\"to one\"]", "42[\"reliable\",\"1\"]"));
}

}  // namespace
}  // namespace rubricon::socketio_server
