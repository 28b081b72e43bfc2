#include <rubricon/domain/event.hpp>

#include <gtest/gtest.h>

namespace rubricon::domain {
namespace {

const auto chat = *ChatId::parse("018f2e7a-90ab-7cde-8f01-23456789abcd");
const auto user = *UserId::parse("018f2e7a-90ab-7cde-8f01-23456789abce");

Event event(StreamId stream, EventType type, std::string data) {
  return {.stream = stream,
          .epoch = Epoch(1),
          .seq = Seq(7),
          .type = type,
          .at = base::time_from_unix_ms(0),
          .data = std::move(data)};
}

TEST(StreamId, is_the_name_of_a_room) {
  EXPECT_EQ(StreamId(chat).to_string(), "chat:018f2e7a-90ab-7cde-8f01-23456789abcd");
  EXPECT_EQ(StreamId::parse(StreamId(user).to_string()), StreamId(user));
  EXPECT_FALSE(StreamId::parse("room:018f2e7a-90ab-7cde-8f01-23456789abcd"));
  EXPECT_FALSE(StreamId::parse("chat:1"));
}

TEST(Event, types_have_one_spelling_and_a_socket_name) {
  EXPECT_EQ(parse_event_type("message-created"), EventType::message_created);
  EXPECT_STREQ(socket_event_name(EventType::message_created), "new-msg");
  EXPECT_STREQ(socket_event_name(EventType::session_revoked), "user-event");
  EXPECT_FALSE(parse_event_type("new-msg"));
}

TEST(Event, the_wire_payload_carries_the_position) {
  EXPECT_EQ(wire_payload(event(StreamId(chat), EventType::message_created, R"({"id":"x"})")),
            R"({"chatId":"018f2e7a-90ab-7cde-8f01-23456789abcd","epoch":1,"seq":7,"id":"x"})");
  EXPECT_EQ(wire_payload(event(StreamId(chat), EventType::chat_deleted, "{}")),
            R"({"chatId":"018f2e7a-90ab-7cde-8f01-23456789abcd","epoch":1,"seq":7})");
  EXPECT_EQ(wire_payload(event(StreamId(user), EventType::chat_added, R"({"chatId":"y"})")),
            R"({"epoch":1,"seq":7,"type":"chat-added","data":{"chatId":"y"}})");
}

TEST(Event, the_rest_form_keeps_data_apart) {
  EXPECT_EQ(rest_form(event(StreamId(chat), EventType::chat_deleted, "{}")),
            R"({"seq":7,"type":"chat-deleted","at":"1970-01-01T00:00:00.000Z","data":{}})");
}

}  // namespace
}  // namespace rubricon::domain
