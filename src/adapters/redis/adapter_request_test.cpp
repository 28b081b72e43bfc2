#include <rubricon/redis/adapter_request.hpp>

#include <rubricon/redis/message_pack.hpp>

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace rubricon::redis {
namespace {

namespace json = boost::json;
using enum AdapterRequestType;

TEST(AdapterRequest, reads_what_node_asks) {
  auto request = parse_adapter_request(R"({"uid":"u","requestId":"r","type":0,"rooms":["a","b"]})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->type, sockets);
  EXPECT_EQ(request->uid, "u");
  EXPECT_EQ(request->id, "r");
  EXPECT_EQ(request->filter.rooms, (std::vector<std::string>{"a", "b"}));

  request = parse_adapter_request(
      R"({"uid":"u","type":2,"opts":{"rooms":["a"],"except":["x"]},"rooms":["c"]})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->type, remote_join);
  EXPECT_EQ(request->filter.rooms, std::vector<std::string>{"a"});
  EXPECT_EQ(request->filter.except, std::vector<std::string>{"x"});
  EXPECT_EQ(request->rooms, std::vector<std::string>{"c"});
  EXPECT_TRUE(request->id.empty());

  request = parse_adapter_request(R"({"type":4,"opts":{},"close":true})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->how, ports::Disconnect::transport);

  request = parse_adapter_request(message_pack(json::parse(
      R"({"uid":"u","requestId":"r","type":7,"packet":{},"opts":{"rooms":["a"],"except":[]}})")));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->type, broadcast);
}

TEST(AdapterRequest, who_says_nobody_does_not_mean_everybody) {
  for (const auto* text : {R"({"type":2,"rooms":["a"]})", R"({"type":4})",
                           R"({"type":4,"opts":null})", R"({"type":5,"opts":[]})"}) {
    EXPECT_FALSE(parse_adapter_request(text)) << text;
  }
}

TEST(AdapterRequest, refuses_what_is_no_request) {
  for (const auto* text :
       {"", "{", "[]", "null", R"({"type":"0"})", R"({"type":8})", R"({"type":-1})", R"({})",
        R"({"type":0.5})", R"({"type":0,"rooms":"a"})", R"({"type":5,"opts":{"rooms":[1]}})"}) {
    EXPECT_FALSE(parse_adapter_request(text)) << text;
  }
  EXPECT_FALSE(parse_adapter_request(R"({"type":1,"requestId":")" + std::string(65, 'a') + "\"}"));
  EXPECT_FALSE(parse_adapter_request("{\"a\":" + std::string(100, '[')));
  EXPECT_FALSE(parse_adapter_request(std::string(2 * 1024 * 1024, '{')));
}

TEST(AdapterRequest, answers_tell_nothing_that_would_let_others_sign_in) {
  const std::vector<ports::SocketSummary> found = {{"id1", {"id1", "chat:1"}, "192.0.2.1"}};
  const auto fetched = json::parse(fetch_answer("r", found));
  EXPECT_EQ(fetched.at("requestId"), "r");
  const auto& socket = fetched.at("sockets").at(0);
  EXPECT_EQ(socket.at("id"), "id1");
  EXPECT_EQ(socket.at("rooms"), (json::value{"id1", "chat:1"}));
  EXPECT_EQ(socket.at("data"), json::object());
  const auto& handshake = socket.at("handshake");
  EXPECT_EQ(handshake.at("address"), "192.0.2.1");
  for (const auto* empty : {"headers", "query", "auth"}) {
    EXPECT_EQ(handshake.at(empty), json::object()) << empty;
  }
}

TEST(AdapterRequest, answers_have_the_fields_that_node_reads) {
  EXPECT_EQ(sockets_answer("r", {{"a", {}, ""}}), R"({"requestId":"r","sockets":["a"]})");
  EXPECT_EQ(rooms_answer("r", {"a", "b"}), R"({"requestId":"r","rooms":["a","b"]})");
  EXPECT_EQ(server_side_answer("r"), R"({"type":6,"requestId":"r","data":null})");
  EXPECT_EQ(broadcast_answer("r", 0), R"({"type":8,"requestId":"r","clientCount":0})");
}

}  // namespace
}  // namespace rubricon::redis
