#include <rubricon/history/stored.hpp>

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

namespace rubricon::history {
namespace {

using domain::EventType;
using Kind = Event::Kind;

TEST(Stored, a_message_of_the_ai_is_an_answer) {
  const auto data = [](const char* text) { return boost::json::parse(text).as_object(); };
  EXPECT_EQ(kind_of(EventType::message_created, data(R"({"role":"AI"})")), Kind::answer);
  EXPECT_EQ(kind_of(EventType::message_created, data(R"({"role":"USER"})")), Kind::message);
  EXPECT_EQ(kind_of(EventType::answer_failed, data("{}")), Kind::answer_failed);
  EXPECT_EQ(kind_of(EventType::chat_created, data("{}")), Kind::member_added);
  EXPECT_EQ(kind_of(EventType::member_removed, data("{}")), Kind::member_removed);
  EXPECT_EQ(kind_of(EventType::chat_renamed, data("{}")), Kind::other);
}

TEST(Stored, people_ask_while_the_context_of_their_chat_lets_the_assistant_answer) {
  const auto data = [](const char* text) { return boost::json::parse(text).as_object(); };
  Questions questions;
  EXPECT_FALSE(questions.asks(Kind::member_added, data(R"({"context":{"grade":8}})")));
  EXPECT_TRUE(questions.asks(Kind::message, data("{}")));
  EXPECT_FALSE(questions.asks(Kind::answer, data("{}")));
  EXPECT_FALSE(questions.asks(Kind::message, data(R"({"meta":{"source":"import"}})")));
  EXPECT_FALSE(questions.asks(Kind::other, data(R"({"context":{"ai":"off"}})")));
  EXPECT_FALSE(questions.asks(Kind::message, data("{}")));
  EXPECT_FALSE(questions.asks(Kind::other, data(R"({"context":{"ai":"on"}})")));
  EXPECT_TRUE(questions.asks(Kind::message, data("{}")));
}

TEST(Stored, a_field_that_is_no_text_is_empty) {
  const auto data = boost::json::parse(R"({"a":"x","b":7})").as_object();
  EXPECT_EQ(text_in(data, "a"), "x");
  EXPECT_EQ(text_in(data, "b"), "");
  EXPECT_EQ(text_in(data, "c"), "");
}

TEST(Stored, a_job_is_open_until_it_has_ended) {
  using State = Job::State;
  EXPECT_EQ(state_of(domain::JobState::queued), State::open);
  EXPECT_EQ(state_of(domain::JobState::running), State::open);
  EXPECT_EQ(state_of(domain::JobState::done), State::done);
  EXPECT_EQ(state_of(domain::JobState::failed), State::failed);
  EXPECT_EQ(state_of(domain::JobState::cancelled), State::cancelled);
}

}  // namespace
}  // namespace rubricon::history
