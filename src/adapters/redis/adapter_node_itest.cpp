// What other servers may do here, and what not.
#include <rubricon/redis/adapter_node.hpp>

#include <rubricon/memory/ephemerals.hpp>
#include <rubricon/redis/fake_sockets_test.hpp>
#include <rubricon/redis/live_redis_test.hpp>
#include <rubricon/redis/message_pack.hpp>

#include <boost/json.hpp>

namespace rubricon::redis {
namespace {

using Asked = std::vector<std::string>;

/// A node, and another server that publishes and hears the answers.
class AdapterNodeTest : public ::testing::Test {
 protected:
  AdapterNodeTest() {
    node.emplace(subscriber, redis.connection(), local, sockets, options, redis.log(),
                 redis.metrics());
    const auto hear = [this](std::string_view, std::string_view m) { answers.emplace_back(m); };
    peer.subscribe(channels.answers("peer-1"), hear);
    peer.subscribe(channels.answers(""), hear);
    peer.start();
    subscription = local.subscribe(
        [this](const auto& m) { ephemerals += m->room.to_string() + " " + m->name + m->payload; });
    subscriber.start();
    redis.until([this] { return subscriber.listening() && peer.listening(); });
  }
  ~AdapterNodeTest() override {
    redis.run(subscriber.stop());
    redis.run(peer.stop());
  }

  void broadcast(AdapterPacket packet) {
    redis.call({"PUBLISH", channels.broadcast(), adapter_bytes(packet)});
    drain();
  }
  void request(const std::string& bytes) {
    redis.call({"PUBLISH", channels.requests(), bytes});
    drain();
  }
  /// Everything that was published before has been heard.
  void drain() {
    ++drained;
    redis.call({"PUBLISH", channels.broadcast(), "no packet"});
    redis.until([this] { return counted("malformed") == drained; });
  }
  int counted(const std::string& outcome) {
    const auto text = redis.metrics().render();
    const auto name = "rubricon_redis_adapter_messages_total{outcome=\"" + outcome + "\"} ";
    const auto at = text.find(name);
    return at == std::string::npos ? -1 : std::stoi(text.substr(at + name.size()));
  }

  const std::string chat = "chat:" + base::Uuid::v7(1, {}).to_string();
  const std::string user = "user:" + base::Uuid::v7(2, {}).to_string();
  AdapterChannels channels{"test-" + std::to_string(::getpid())};
  AdapterNodeOptions options{.channels = channels,
                             .uid = "own--1",
                             .more_names = {"bell", "new-msg", "heads", "server-closing"}};
  LiveRedis redis;
  FakeSockets sockets;
  memory::Ephemerals local{redis.io().get_executor()};
  Subscriber subscriber{redis.io().get_executor(), redis.line(), redis.tools(), redis.metrics()};
  Subscriber peer{redis.io().get_executor(), redis.line(), redis.tools(), redis.metrics()};
  std::optional<AdapterNode> node;
  std::unique_ptr<ports::Subscription> subscription;
  std::string ephemerals;
  std::vector<std::string> answers;
  int drained = 0;
};

TEST_F(AdapterNodeTest, what_is_for_one_chat_goes_to_the_bus) {
  broadcast({.uid = "peer-1", .name = "typing", .args = {{{"a", 1}}}, .rooms = {chat}});
  redis.until([this] { return !ephemerals.empty(); });
  EXPECT_EQ(ephemerals, chat + " typing{\"a\":1}");
  EXPECT_EQ(sockets.asked, Asked{});
}

TEST_F(AdapterNodeTest, what_is_for_others_goes_to_the_sockets) {
  broadcast({.uid = "peer-1",
             .name = "typing",
             .args = {{{"a", 1}}},
             .rooms = {chat},
             .except = {"id9"}});
  broadcast({.uid = "emitter", .name = "presence", .args = {1, "b"}});
  broadcast({.uid = "peer-1", .name = "bell", .args = {}, .rooms = {chat, "room"}});
  EXPECT_EQ(sockets.asked,
            (Asked{"emit [" + chat + "]-[id9] typing {\"a\":1}", "emit []-[] presence 1,\"b\"",
                   "emit [" + chat + ",room]-[] bell "}));
  EXPECT_EQ(ephemerals, "");
}

TEST_F(AdapterNodeTest, nobody_else_says_what_is_stored) {
  // Not even where somebody has allowed it by mistake.
  for (const auto* name : {"new-msg", "msg-updated", "msg-deleted", "answer-failed",
                           "rubric-updated", "member-added", "member-removed", "chat-renamed",
                           "user-event", "heads", "chat-updated", "server-closing", "anything"}) {
    broadcast({.uid = "peer-1", .name = name, .args = {{{"a", 1}}}, .rooms = {chat}});
  }
  EXPECT_EQ(sockets.asked, Asked{});
  EXPECT_EQ(ephemerals, "");
  EXPECT_EQ(counted("refused_name"), 13);
}

TEST_F(AdapterNodeTest, does_not_hear_itself_nor_other_namespaces) {
  broadcast({.uid = "own--1", .name = "typing", .args = {{{"a", 1}}}, .rooms = {chat}});
  broadcast({.uid = adapter_bridge_uid, .name = "new-msg", .args = {{{"a", 1}}}, .rooms = {chat}});
  EXPECT_EQ(counted("ours"), 2);
  redis.call({"PUBLISH", channels.broadcast(),
              adapter_bytes({.uid = "peer-1", .nsp = "/b", .name = "typing", .args = {}})});
  redis.until([this] { return counted("malformed") == 3; });
  EXPECT_EQ(sockets.asked, Asked{});
  EXPECT_EQ(ephemerals, "");
}

TEST_F(AdapterNodeTest, others_put_no_socket_into_rooms_of_chats_and_users) {
  request(R"({"uid":"peer-1","type":2,"opts":{"rooms":["a"],"except":["b"]},"rooms":["c","d"]})");
  request(R"({"uid":"peer-1","type":3,"opts":{"rooms":[],"except":[]},"rooms":["c"]})");
  EXPECT_EQ(sockets.asked, (Asked{"join [a]-[b] c,d", "leave []-[] c"}));
  for (const auto& room : {chat, user}) {
    for (const auto* type : {"2", "3"}) {
      request(fmt::format(R"({{"type":{},"opts":{{}},"rooms":["c","{}"]}})", type, room));
    }
  }
  EXPECT_EQ(sockets.asked.size(), 2u);
  EXPECT_EQ(counted("refused_rooms"), 4);
}

TEST_F(AdapterNodeTest, answers_what_others_wait_for) {
  request(R"({"uid":"peer-1","requestId":"r0","type":0,"rooms":["a"]})");
  request(R"({"uid":"peer-1","requestId":"r1","type":1})");
  request(R"({"uid":"peer-1","requestId":"r5","type":5,"opts":{"rooms":["b"],"except":[]}})");
  request(R"({"uid":"peer-1","requestId":"r6","type":6,"data":["event",1]})");
  request(message_pack(boost::json::parse(
      R"({"requestId":"r7","type":7,"packet":{},"opts":{"rooms":[],"except":[]}})")));
  redis.until([this] { return answers.size() == 5; });
  EXPECT_EQ(answers[0], R"({"requestId":"r0","sockets":["id1"]})");
  EXPECT_EQ(answers[1], R"({"requestId":"r1","rooms":["id1","chat:1"]})");
  EXPECT_EQ(boost::json::parse(answers[2]).at("sockets").at(0).at("id"), "id1");
  EXPECT_EQ(answers[3], R"({"type":6,"requestId":"r6","data":null})");
  EXPECT_EQ(answers[4], R"({"type":8,"requestId":"r7","clientCount":0})");
  EXPECT_EQ(sockets.asked, (Asked{"find [a]-[]", "find [b]-[]"}));
}

TEST_F(AdapterNodeTest, answers_nobody_who_waits_for_nothing) {
  request(R"({"uid":"peer-1","type":6,"data":["event"]})");
  request(R"({"uid":"own--1","requestId":"r1","type":1})");
  request(R"({"uid":"peer-1","requestId":"r2","type":1})");
  redis.until([this] { return !answers.empty(); });
  EXPECT_EQ(answers, Asked{R"({"requestId":"r2","rooms":["id1","chat:1"]})"});
}

TEST_F(AdapterNodeTest, others_may_end_connections) {
  request(R"({"uid":"peer-1","type":4,"opts":{"rooms":["a"],"except":[]},"close":true})");
  request(R"({"uid":"peer-1","type":4,"opts":{"rooms":["a"],"except":[]},"close":false})");
  EXPECT_EQ(sockets.asked, (Asked{"disconnect [a]-[] transport", "disconnect [a]-[] socket"}));
}

/// The same, where whoever can reach Redis is trusted.
class TrustingNodeTest : public AdapterNodeTest {
 protected:
  TrustingNodeTest() {
    AdapterNodeOptions trusting{
        .channels = AdapterChannels("trusting" + std::to_string(::getpid())),
        .uid = "own--2",
        .trust = AdapterTrust::full};
    trusted.emplace(second, redis.connection(), local, sockets, trusting, redis.log(),
                    redis.metrics());
    channels = trusting.channels;
    second.start();
    redis.until([this] { return second.listening(); });
  }
  ~TrustingNodeTest() override { redis.run(second.stop()); }

  Subscriber second{redis.io().get_executor(), redis.line(), redis.tools(), redis.metrics()};
  std::optional<AdapterNode> trusted;
};

TEST_F(TrustingNodeTest, trusted_ones_do_but_still_say_nothing_that_is_stored) {
  request(fmt::format(R"({{"type":2,"opts":{{"rooms":["a"]}},"rooms":["{}"]}})", chat));
  EXPECT_EQ(sockets.asked, Asked{"join [a]-[] " + chat});
  broadcast({.uid = "peer-1", .name = "new-msg", .args = {{{"a", 1}}}, .rooms = {chat}});
  EXPECT_EQ(sockets.asked.size(), 1u);
  EXPECT_EQ(ephemerals, "");
}

}  // namespace
}  // namespace rubricon::redis
