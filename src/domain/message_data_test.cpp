#include <rubricon/domain/message_data.hpp>

#include <rubricon/domain/event_data.hpp>

#include <gtest/gtest.h>

namespace rubricon::domain {
namespace {

Message full() {
  return {.chat = ChatId(base::Uuid::v7(1, {})),
          .seq = Seq(7),
          .id = MessageId(base::Uuid::v7(2, {})),
          .role = MessageRole::ai,
          .user = UserId(base::Uuid::v7(3, {})),
          .content = "評分 \"規準\"\n",
          .reply_to = Seq(6),
          .client_id = "c-1",
          .meta = R"({"source":"rules"})",
          .created_at = base::time_from_unix_ms(1'795'384'115'123),
          .edited_at = base::time_from_unix_ms(1'795'384'116'000)};
}

TEST(MessageData, reads_what_it_writes) {
  const auto message = full();
  const auto data = message_data(message);
  EXPECT_TRUE(data.starts_with(R"({"id":")" + message.id.to_string() + '"'));
  EXPECT_EQ(parse_message_data(message.chat, data), message);
  Message plain{.chat = message.chat,
                .seq = Seq(1),
                .id = message.id,
                .content = "a",
                .created_at = message.created_at};
  EXPECT_EQ(parse_message_data(plain.chat, message_data(plain)), plain);
}

TEST(MessageData, reads_a_message_from_its_event) {
  auto message = full();
  message.edited_at.reset();
  EXPECT_EQ(parse_message_data(message.chat, message_created_data(message), message.seq), message);
  EXPECT_FALSE(parse_message_data(message.chat, message_created_data(message)))
      << "without its place it is none";
}

TEST(MessageData, refuses_what_is_no_message) {
  for (const auto* data : {"", "{}", "[]", R"({"id":"x"})", R"({"seq":1})"}) {
    EXPECT_FALSE(parse_message_data(ChatId(), data, Seq(1))) << data;
  }
}

}  // namespace
}  // namespace rubricon::domain
