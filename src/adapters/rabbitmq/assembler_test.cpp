#include <rubricon/rabbitmq/assembler.hpp>

#include <gtest/gtest.h>

#include <string_view>

namespace rubricon::rabbitmq {
namespace {

amqp_bytes_t bytes(std::string_view text) {
  return {.len = text.size(), .bytes = const_cast<char*>(text.data())};
}

template <typename Method>
amqp_frame_t method(amqp_method_number_t id, Method& decoded) {
  amqp_frame_t frame{};
  frame.frame_type = AMQP_FRAME_METHOD;
  frame.payload.method = {.id = id, .decoded = &decoded};
  return frame;
}

amqp_frame_t header(std::uint64_t body_bytes, amqp_basic_properties_t& properties) {
  amqp_frame_t frame{};
  frame.frame_type = AMQP_FRAME_HEADER;
  frame.payload.properties.body_size = body_bytes;
  frame.payload.properties.decoded = &properties;
  return frame;
}

amqp_frame_t body(std::string_view text) {
  amqp_frame_t frame{};
  frame.frame_type = AMQP_FRAME_BODY;
  frame.payload.body_fragment = bytes(text);
  return frame;
}

class AssemblerTest : public ::testing::Test {
 protected:
  amqp_frame_t delivery(std::uint64_t tag) {
    deliver.delivery_tag = tag;
    return method(AMQP_BASIC_DELIVER_METHOD, deliver);
  }

  Assembler assembler{8};
  amqp_basic_deliver_t deliver{};
  amqp_basic_properties_t properties{};
};

TEST_F(AssemblerTest, joins_the_pieces_of_a_body) {
  EXPECT_FALSE(assembler.take(delivery(5)));
  EXPECT_FALSE(assembler.take(header(4, properties)));
  EXPECT_FALSE(assembler.take(body("ab")));
  const auto received = assembler.take(body("cd"));
  ASSERT_TRUE(received);
  const auto& message = std::get<Delivery>(*received);
  EXPECT_EQ(message.tag, 5u);
  EXPECT_EQ(message.body, "abcd");
}

TEST_F(AssemblerTest, a_message_may_be_empty) {
  assembler.take(delivery(1));
  EXPECT_EQ(std::get<Delivery>(assembler.take(header(0, properties)).value()).body, "");
}

TEST_F(AssemblerTest, does_not_keep_a_body_that_is_too_large) {
  assembler.take(delivery(1));
  assembler.take(header(10, properties));
  assembler.take(body("12345"));
  const auto received = assembler.take(body("67890"));
  ASSERT_TRUE(received);
  EXPECT_EQ(std::get<Delivery>(*received).body, "");
  EXPECT_EQ(std::get<Delivery>(*received).bytes, 10u);
}

TEST_F(AssemblerTest, tells_which_message_came_back) {
  amqp_basic_return_t returned{};
  properties._flags = AMQP_BASIC_CORRELATION_ID_FLAG;
  properties.correlation_id = bytes("17");
  assembler.take(method(AMQP_BASIC_RETURN_METHOD, returned));
  assembler.take(header(1, properties));
  EXPECT_EQ(std::get<Returned>(assembler.take(body("x")).value()).correlation, "17");
}

TEST_F(AssemblerTest, reads_answers_and_alarms) {
  amqp_basic_nack_t nack{.delivery_tag = 3, .multiple = 1, .requeue = 0};
  const auto confirmed =
      std::get<Confirmed>(assembler.take(method(AMQP_BASIC_NACK_METHOD, nack)).value());
  EXPECT_EQ(confirmed.tag, 3u);
  EXPECT_TRUE(confirmed.multiple);
  EXPECT_FALSE(confirmed.ack);
  amqp_connection_blocked_t blocked{.reason = bytes("low on memory")};
  EXPECT_EQ(
      std::get<Blocked>(assembler.take(method(AMQP_CONNECTION_BLOCKED_METHOD, blocked)).value())
          .reason,
      "low on memory");
}

TEST_F(AssemblerTest, says_why_the_broker_closed) {
  amqp_channel_close_t close{.reply_code = 404, .reply_text = bytes("NOT_FOUND - no exchange")};
  try {
    assembler.take(method(AMQP_CHANNEL_CLOSE_METHOD, close));
    FAIL();
  } catch (const Refused& refused) {
    EXPECT_EQ(refused.code(), 404);
    EXPECT_STREQ(refused.what(), "the broker closed the channel: 404 NOT_FOUND - no exchange");
  }
}

TEST_F(AssemblerTest, refuses_frames_out_of_order) {
  EXPECT_THROW(assembler.take(header(1, properties)), base::Unavailable);
  EXPECT_THROW(assembler.take(body("x")), base::Unavailable);
  assembler.take(delivery(1));
  EXPECT_THROW(assembler.take(body("x")), base::Unavailable);
  assembler.take(header(1, properties));
  EXPECT_THROW(assembler.take(body("xy")), base::Unavailable);
}

TEST(CheckTest, throws_what_went_wrong) {
  amqp_rpc_reply_t reply{};
  reply.reply_type = AMQP_RESPONSE_NORMAL;
  EXPECT_NO_THROW(check(reply, "x"));
  reply.reply_type = AMQP_RESPONSE_LIBRARY_EXCEPTION;
  reply.library_error = AMQP_STATUS_HEARTBEAT_TIMEOUT;
  EXPECT_THROW(check(reply, "x"), base::Unavailable);
  amqp_connection_close_t close{.reply_code = 530, .reply_text = bytes("NOT_ALLOWED")};
  reply.reply_type = AMQP_RESPONSE_SERVER_EXCEPTION;
  reply.reply = {.id = AMQP_CONNECTION_CLOSE_METHOD, .decoded = &close};
  EXPECT_EQ(explain(reply), "530 NOT_ALLOWED");
  EXPECT_THROW(check(reply, "x"), Refused);
}

}  // namespace
}  // namespace rubricon::rabbitmq
