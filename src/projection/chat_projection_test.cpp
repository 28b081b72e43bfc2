#include <rubricon/projection/chat_projection.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rubricon::projection {
namespace {

using domain::EventType;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* ann = "01a20607-7b4a-731a-8e35-000000000001";
constexpr const char* bob = "01a20607-7b4a-731a-8e35-000000000002";
constexpr const char* said = "01a20607-7b4a-731a-8e35-0000000000a1";
const domain::ChatId chat = domain::ChatId::parse("01a20607-7b4a-731a-8e35-0000000000c1").value();

/// Makes the events of one chat, numbered as they come.
class Story {
 public:
  domain::Event next(EventType type, std::string data) {
    return {.stream = domain::StreamId(chat),
            .epoch = domain::Epoch(1),
            .seq = domain::Seq(++seq_),
            .type = type,
            .at = base::time_from_unix_ms(1'795'384'115'123),
            .data = std::move(data),
            .audience = {},
            .trace = {}};
  }
  domain::Event created() {
    return next(EventType::chat_created, R"({"title":"議論文","userId":")" + std::string(ann) +
                                             R"(","context":{"grade":8}})");
  }
  domain::Event message(const char* id = said) {
    return next(EventType::message_created,
                R"({"id":")" + std::string(id) + R"(","role":"USER","userId":")" + ann +
                    R"(","content":"hello","time":"2026-11-22T21:48:35.123Z","clientId":"c-1"})");
  }

 private:
  std::int64_t seq_ = 0;
};

ChatProjection after(const std::vector<domain::Event>& events) {
  ChatProjection projection(chat);
  for (const auto& event : events) {
    const auto applied = projection.apply(event);
    EXPECT_TRUE(applied.has_value()) << applied.error().detail;
  }
  return projection;
}

TEST(ChatProjection, a_chat_is_what_its_events_made_of_it) {
  Story story;
  const auto view =
      after({story.created(), story.message(),
             story.next(EventType::member_added,
                        R"({"userId":")" + std::string(bob) + R"(","role":"viewer"})"),
             story.next(EventType::chat_renamed, R"({"title":"說明文","context":{}})"),
             story.next(EventType::message_updated,
                        R"({"id":")" + std::string(said) +
                            R"(","content":"hello again","editedAt":"2026-11-22T21:48:36.123Z"})"),
             story.next(EventType::rubric_updated,
                        R"({"version":1,"by":"AI","at":"2026-11-22T21:48:37.123Z","answered":2,)"
                        R"("rubric":{"total":5}})"),
             story.next(EventType::answer_failed, R"({"replyTo":2,"reason":"ai_unavailable"})"),
             story.next(EventType::chat_deleted, "{}")})
          .view();
  EXPECT_EQ(view.title, "說明文");
  EXPECT_EQ(view.context, "{}");
  EXPECT_TRUE(view.deleted);
  EXPECT_EQ(view.head.seq, domain::Seq(8));
  EXPECT_EQ(view.members.size(), 2u);
  EXPECT_EQ(view.members.at(domain::UserId::parse(bob).value()), domain::MemberRole::viewer);
  EXPECT_EQ(view.messages.at(domain::Seq(2)).content, "hello again");
  EXPECT_TRUE(view.messages.at(domain::Seq(2)).edited_at.has_value());
  EXPECT_EQ(view.guests, std::set{domain::UserId::parse(bob).value()});
  EXPECT_EQ(view.rubric, domain::RubricVersion(1));
  EXPECT_EQ(view.updated_at, base::time_from_unix_ms(1'795'384'115'123));
  EXPECT_EQ(view.rubrics.at(domain::RubricVersion(1)).document, R"({"total":5})");
  EXPECT_EQ(view.rubrics.at(domain::RubricVersion(1)).answered, domain::Seq(2));
}

TEST(ChatProjection, what_is_taken_back_is_gone) {
  Story story;
  const auto view =
      after({story.created(), story.message(),
             story.next(EventType::member_added,
                        R"({"userId":")" + std::string(bob) + R"(","role":"editor"})"),
             story.next(EventType::member_removed, R"({"userId":")" + std::string(bob) + R"("})"),
             story.next(EventType::message_deleted, R"({"id":")" + std::string(said) + R"("})"),
             story.next(EventType::chat_deleted, "{}"), story.next(EventType::chat_restored, "{}")})
          .view();
  EXPECT_EQ(view.members.size(), 1u);
  EXPECT_TRUE(view.guests.empty());
  EXPECT_TRUE(view.messages.empty());
  EXPECT_FALSE(view.deleted);
}

TEST(ChatProjection, an_event_that_cannot_be_is_refused_and_changes_nothing) {
  Story story;
  auto projection = after({story.created(), story.message()});
  const auto before = projection.view();
  const auto expect_refusal = [&](domain::Event event, const char* why) {
    event.seq = domain::Seq(3);
    const auto applied = projection.apply(event);
    ASSERT_FALSE(applied.has_value()) << why;
    EXPECT_THAT(applied.error().detail, HasSubstr(why));
    EXPECT_THAT(differences(before, projection.view()), IsEmpty()) << why;
  };
  expect_refusal(story.created(), "begins with chat-created");
  expect_refusal(story.message(), "its id was used before");
  expect_refusal(story.next(EventType::message_updated,
                            R"({"id":")" + std::string(bob) +
                                R"(","content":"x","editedAt":"2026-11-22T21:48:36.123Z"})"),
                 "not there");
  expect_refusal(
      story.next(EventType::member_removed, R"({"userId":")" + std::string(bob) + R"("})"),
      "not a member");
  expect_refusal(
      story.next(EventType::rubric_updated,
                 R"({"version":2,"by":"AI","at":"2026-11-22T21:48:37.123Z","rubric":{}})"),
      "not rubric version 1");
  expect_refusal(story.next(EventType::chat_renamed, R"({"title":"x"})"), "field context");
  expect_refusal(story.next(EventType::chat_renamed, R"({"title":7,"context":{}})"), "field title");
  expect_refusal(story.next(EventType::chat_renamed, "nonsense"), "no JSON object");
  expect_refusal(story.next(EventType::chat_added, "{}"), "user's stream");

  auto hole = story.message(bob);
  hole.seq = domain::Seq(4);
  EXPECT_THAT(projection.apply(hole).error().detail, HasSubstr("expected event 3"));
  auto old = story.message(bob);
  old.seq = domain::Seq(3);
  old.epoch = domain::Epoch(0);
  EXPECT_THAT(projection.apply(old).error().detail, HasSubstr("epoch"));
}

TEST(Differences, each_row_that_is_not_what_the_log_says_is_named_without_its_text) {
  Story story;
  const auto rebuilt = after({story.created(), story.message()}).view();
  auto stored = rebuilt;
  stored.title = "secret title";
  stored.messages.at(domain::Seq(2)).content = "secret words";
  stored.members.emplace(domain::UserId::parse(bob).value(), domain::MemberRole::viewer);
  stored.context = R"({ "grade" : 8 })";
  EXPECT_THAT(differences(stored, rebuilt),
              ElementsAre("the chat's title is not what the log says",
                          "member " + std::string(bob) + " is in its table and not in the log",
                          "message 2 is not what the log says"));
  stored = rebuilt;
  stored.messages.clear();
  EXPECT_THAT(differences(stored, rebuilt),
              ElementsAre("message 2 is in the log and not in its table"));
}

}  // namespace
}  // namespace rubricon::projection
