#include <rubricon/domain/event_data.hpp>

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

namespace rubricon::domain {
namespace {

TEST(EventData, any_text_becomes_a_json_string_and_comes_back) {
  for (const std::string& text : {std::string("\"quoted\" \\ back"), std::string("a\nb\tc\x01\x1f"),
                                  std::string("評分🎉"), std::string("</script>"), std::string()}) {
    EXPECT_EQ(boost::json::parse(json_string(text)).as_string(), text);
  }
}

TEST(EventData, an_answer_has_reply_and_meta_and_no_user) {
  const Message message{.chat = {},
                        .seq = Seq(7),
                        .id = MessageId(base::Uuid::v7(1, {})),
                        .role = MessageRole::ai,
                        .user = {},
                        .content = "好",
                        .reply_to = Seq(6),
                        .client_id = "",
                        .meta = R"({"source":"rules"})",
                        .created_at = base::time_from_unix_ms(0),
                        .edited_at = {}};
  EXPECT_EQ(message_created_data(message),
            R"({"id":"00000000-0001-7000-8000-000000000000","role":"AI","content":"好",)"
            R"("time":"1970-01-01T00:00:00.000Z","replyTo":6,"meta":{"source":"rules"}})");
}

TEST(EventData, a_revocation_names_its_session_and_nothing_else_does) {
  const SessionId session(base::Uuid::v7(7, {}));
  Event event{.stream = StreamId(UserId(base::Uuid::v7(1, {}))),
              .type = EventType::session_revoked,
              .data = session_revoked_data(session)};
  EXPECT_EQ(revoked_session(event), session);
  event.type = EventType::chat_added;
  EXPECT_EQ(revoked_session(event), std::nullopt);
  event.type = EventType::session_revoked;
  for (const auto* data : {"", "{}", "[]", R"({"sessionId":7})", R"({"sessionId":"x"})"}) {
    event.data = data;
    EXPECT_EQ(revoked_session(event), std::nullopt) << data;
  }
}

TEST(EventData, the_reason_of_a_failure_is_read_back) {
  const auto data = answer_failed_data(JobId(base::Uuid::v7(1, {})), Seq(3), "too_many_attempts");
  EXPECT_EQ(failure_reason(data), "too_many_attempts");
  for (const auto* other : {"", "[]", "{}", R"({"reason":7})"}) {
    EXPECT_EQ(failure_reason(other), "") << other;
  }
}

}  // namespace
}  // namespace rubricon::domain
