#include <rubricon/net/websocket_handshake.hpp>

#include <gtest/gtest.h>

namespace rubricon::net {
namespace {

HttpHead good_head() {
  HttpHead head;
  head.method = "GET";
  head.headers = {{"upgrade", "WebSocket"},
                  {"connection", "keep-alive, UPGRADE"},
                  {"sec-websocket-version", "13"},
                  {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="}};
  return head;
}

TEST(WebSocketHandshakeTest, computes_the_accept_key_of_the_rfc) {
  EXPECT_EQ(websocket_accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(check_websocket_upgrade(good_head()).value(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(WebSocketHandshakeTest, knows_an_upgrade_by_both_of_its_tokens) {
  auto head = good_head();
  EXPECT_TRUE(is_websocket_upgrade(head));
  head.headers.set("Connection", "keep-alive");
  EXPECT_FALSE(is_websocket_upgrade(head));
  head = good_head();
  head.headers.set("Upgrade", "h2c");
  EXPECT_FALSE(is_websocket_upgrade(head));
}

TEST(WebSocketHandshakeTest, refuses_other_versions_with_the_one_that_it_speaks) {
  for (const char* version : {"8", "14", "", "13, 8"}) {
    auto head = good_head();
    head.headers.set("Sec-WebSocket-Version", version);
    const auto refused = check_websocket_upgrade(head);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, 426u);
    EXPECT_EQ(refused.error().headers.get("Sec-WebSocket-Version"), "13");
    EXPECT_TRUE(refused.error().close);
  }
}

TEST(WebSocketHandshakeTest, refuses_keys_that_are_not_sixteen_bytes) {
  for (const char* key :
       {"", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=a", "dGhlIHNhbXBsZSBub25jZ===",
        "dGhlIHNhbXBsZSBub25j!Q==", "dGhlIHNhbXBsZSBub25jZR==", "dGhlIHNhbXBsZSBub25jZQAA"}) {
    auto head = good_head();
    head.headers.set("Sec-WebSocket-Key", key);
    const auto refused = check_websocket_upgrade(head);
    ASSERT_FALSE(refused) << key;
    EXPECT_EQ(refused.error().status, 400u);
  }
  auto twice = good_head();
  twice.headers.add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
  EXPECT_FALSE(check_websocket_upgrade(twice));
}

}  // namespace
}  // namespace rubricon::net
