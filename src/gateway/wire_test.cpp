#include <rubricon/gateway/wire.hpp>

#include <rubricon/gateway/room_fixture_test.hpp>

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace rubricon::gateway::wire {
namespace {

using fixture::ann;
using fixture::at;
using fixture::bob;
using fixture::chat;
namespace json = boost::json;

TEST(Wire, a_join_is_a_bare_id_or_an_object) {
  EXPECT_EQ(parse_join(json::value("abc"), "chatId")->id, "abc");
  const auto full =
      parse_join(json::parse(R"({"chatId":"abc","epoch":2,"after":7,"x":1})"), "chatId");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->id, "abc");
  EXPECT_EQ(full->from.epoch, domain::Epoch(2));
  EXPECT_EQ(full->from.after, domain::Seq(7));
  const auto first = parse_join(json::parse(R"({"chatId":"abc","epoch":0,"after":0})"), "chatId");
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->from.epoch) << "0 is no epoch";
  EXPECT_EQ(first->from.after, domain::Seq(0));
  EXPECT_EQ(parse_join(json::parse(R"({"chatId":"a","after":3.0})"), "chatId")->from.after,
            domain::Seq(3));
}

TEST(Wire, a_join_of_any_other_shape_is_invalid) {
  for (const auto* text : {"null", "1", "[]", "{}", R"({"chatId":7})", R"({"chatId":""})",
                           R"({"chatId":"a","after":-1})", R"({"chatId":"a","after":"1"})",
                           R"({"chatId":"a","after":1.5})", R"({"chatId":"a","epoch":1e300})"}) {
    const auto join = parse_join(json::parse(text), "chatId");
    ASSERT_FALSE(join) << text;
    EXPECT_EQ(join.error().code, base::ErrorCode::invalid) << text;
  }
}

TEST(Wire, a_chat_id_that_is_none_looks_like_a_chat_that_does_not_exist) {
  EXPECT_EQ(parse_chat(json::value("no-uuid")).error().code, base::ErrorCode::not_found);
  EXPECT_EQ(parse_chat(json::value(chat.to_string())), chat);
}

TEST(Wire, reads_a_message_and_refuses_wrong_types) {
  const auto sent = parse_send(json::parse(R"({"chatId":"c","content":"評分","userId":"u"})"));
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->content, "評分");
  EXPECT_EQ(sent->user_id, "u");
  EXPECT_EQ(sent->client_id, "");
  const auto extra = parse_send(json::parse(
      R"({"chatId":"c","content":"a","userId":null,"clientId":null,"role":"USER","x":[{}]})"));
  EXPECT_TRUE(extra) << "old clients may have fields of their own";
  const std::pair<const char*, const char*> bad[] = {
      {"null", "invalid_type"},
      {R"("c")", "invalid_type"},
      {"{}", "missing_field"},
      {R"({"content":"a"})", "missing_field"},
      {R"({"chatId":"c"})", "missing_field"},
      {R"({"chatId":1,"content":"a"})", "invalid_type"},
      {R"({"chatId":"c","content":["a"]})", "invalid_type"},
      {R"({"chatId":"c","content":null})", "invalid_type"},
      {R"({"chatId":"c","content":"a","clientId":7})", "invalid_type"},
      {R"({"chatId":"c","content":"a","role":"AI"})", "unknown_field"},
      {R"({"chatId":"c","content":"a","role":7})", "invalid_type"},
  };
  for (const auto& [text, reason] : bad) {
    const auto refused = parse_send(json::parse(text));
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().reason, reason) << text;
  }
}

TEST(Wire, takes_a_token_of_reasonable_size_only) {
  EXPECT_EQ(parse_token(json::parse(R"({"token":"abc"})"), 3), "abc");
  for (const auto* text : {"null", "{}", R"({"token":"abcd"})", R"({"token":1})", R"("abc")"}) {
    EXPECT_EQ(parse_token(json::parse(text), 3), "") << text;
  }
}

TEST(Wire, writes_acknowledgements) {
  EXPECT_EQ(json::serialize(ok_ack()), R"({"ok":true})");
  EXPECT_EQ(json::serialize(join_ack(at(7), Resync::no)), R"({"ok":true,"epoch":1,"head":7})");
  EXPECT_EQ(json::serialize(join_ack(at(7), Resync::yes)),
            R"({"ok":true,"epoch":1,"head":7,"resync":true})");
  EXPECT_EQ(json::serialize(error_ack({base::ErrorCode::forbidden, "not you"})),
            R"({"error":{"code":"forbidden","message":"not you"}})");
  EXPECT_EQ(json::serialize(error_ack({base::ErrorCode::invalid, "", "invalid_type"})),
            R"({"error":{"code":"invalid_type","message":""}})");
}

TEST(Wire, writes_what_the_server_says) {
  EXPECT_EQ(typing(chat, ann),
            R"({"chatId":")" + chat.to_string() + R"(","userId":")" + ann.to_string() + "\"}");
  EXPECT_EQ(typing_user(typing(chat, ann)), ann);
  EXPECT_EQ(typing_user("{"), std::nullopt);
  EXPECT_EQ(json::parse(presence(chat, {ann, bob})).at("userIds").as_array().size(), 2u);
  EXPECT_EQ(heads({{chat, domain::Seq(3)}}), "{\"" + chat.to_string() + "\":3}");
  EXPECT_EQ(draining(base::Milliseconds(1500)), R"({"afterMs":1500})");
  EXPECT_EQ(closing(CloseReason::slow), R"({"code":"slow","comeBack":true})");
  const ports::RunningAnswer answer{chat, domain::JobId(), domain::Seq(2), 1, "評\n"};
  EXPECT_TRUE(ai_delta(answer).ends_with(R"("replyTo":2,"attempt":1,"off":0,"text":"評\n"})"));
}

TEST(Wire, a_list_line_has_every_field_also_without_a_message) {
  ports::ChatSummary line;
  line.chat.id = chat;
  line.chat.title = "議論文";
  line.unread = 2;
  const auto empty = json::parse(chat_updated(line)).as_object();
  EXPECT_EQ(empty.size(), 5u);
  EXPECT_TRUE(empty.at("lastMessage").is_null());
  line.last_message = domain::Message{.content = "好"};
  const auto full = json::parse(chat_updated(line)).as_object();
  EXPECT_EQ(full.at("lastMessage").at("content"), "好");
  EXPECT_EQ(full.at("lastMessage").at("role"), "USER");
  EXPECT_EQ(full.at("unread"), 2);
}

}  // namespace
}  // namespace rubricon::gateway::wire
