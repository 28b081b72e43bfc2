#include <rubricon/api/wire.hpp>

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace rubricon::api {
namespace {

template <typename T>
T id(std::uint8_t n) {
  return T(base::Uuid::v7(1'795'384'115'123, {n}));
}

const base::Time at = *base::parse_time("2026-11-22T21:48:35.123Z");

template <typename Value>
boost::json::object written(void (*write)(JsonText&, const Value&), const Value& value) {
  JsonText json;
  write(json, value);
  return boost::json::parse(json.take()).as_object();
}

// Absent means absent: clients distinguish a missing userId (the AI) from a null.
TEST(Wire, AMessageHasOnlyTheMembersThatItHas) {
  domain::Message message;
  message.id = id<domain::MessageId>(1);
  message.seq = domain::Seq(2);
  message.user = id<domain::UserId>(3);
  message.content = "評分 \"x\"";
  message.client_id = "c1";
  message.created_at = at;
  const auto theirs = written(write_message, message);
  EXPECT_EQ(theirs.at("content"), boost::json::value("評分 \"x\""));
  EXPECT_EQ(theirs.at("time"), boost::json::value("2026-11-22T21:48:35.123Z"));
  for (const char* name : {"replyTo", "meta", "editedAt"}) EXPECT_FALSE(theirs.contains(name));

  message.user.reset();
  message.client_id.clear();
  message.role = domain::MessageRole::ai;
  message.reply_to = domain::Seq(1);
  message.meta = R"({"source":"rules"})";
  message.edited_at = at;
  const auto answer = written(write_message, message);
  for (const char* name : {"userId", "clientId"}) EXPECT_FALSE(answer.contains(name));
  EXPECT_EQ(answer.at("meta").at("source"), boost::json::value("rules"));
  EXPECT_EQ(answer.at("replyTo"), boost::json::value(1));
  EXPECT_EQ(answer.at("role"), boost::json::value("AI"));
}

TEST(Wire, AChatWithoutARubricSaysNull) {
  ports::ChatView view;
  const auto write = +[](JsonText& json, const ports::ChatView& of) { write_view(json, of, {}); };
  EXPECT_TRUE(written(write, view).at("rubric").is_null());
  view.rubric = R"({"total":100})";
  view.rubric_version = domain::RubricVersion(3);
  EXPECT_EQ(boost::json::serialize(written(write, view).at("rubric")),
            R"({"version":3,"rubric":{"total":100}})");
}

TEST(Wire, AnEmptyStreamIsInItsFirstEpoch) {
  EXPECT_EQ(boost::json::serialize(written(write_events, ports::EventPage{})),
            R"({"epoch":1,"head":0,"events":[]})");
}

TEST(Wire, EventsThatAreGoneAskForAResync) {
  const ports::EventPage page{{domain::Epoch(1), domain::Seq(9)}, {}, true};
  EXPECT_EQ(boost::json::serialize(written(write_events, page)),
            R"({"epoch":1,"head":9,"events":[],"resync":true})");
}

TEST(Wire, EventsCarryTheirDataAsStored) {
  ports::EventPage page{{domain::Epoch(1), domain::Seq(1)}, {}};
  page.events.push_back({domain::StreamId(id<domain::ChatId>(1)),
                         domain::Epoch(1),
                         domain::Seq(1),
                         domain::EventType::chat_created,
                         at,
                         R"({"title":"x"})",
                         {},
                         {}});
  EXPECT_EQ(
      boost::json::serialize(written(write_events, page).at("events").as_array().at(0)),
      R"({"seq":1,"type":"chat-created","at":"2026-11-22T21:48:35.123Z","data":{"title":"x"}})");
}

}  // namespace
}  // namespace rubricon::api
