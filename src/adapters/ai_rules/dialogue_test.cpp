#include <rubricon/ai_rules/assistant.hpp>
#include <rubricon/ai_rules/dialogue.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_rules {
namespace {

const Rules& rules() {
  static const Assistant the_assistant;
  return the_assistant.rules();
}

domain::Message message(domain::MessageRole role, std::string content, std::string meta = "{}") {
  domain::Message out;
  out.role = role;
  out.content = std::move(content);
  out.meta = std::move(meta);
  return out;
}

const LastExchange asked{.asked = "幫我做一份評分表",
                         .answer = "是哪一種作業呢？",
                         .outcome = "asked",
                         .choices = {{"說明文", "請為說明文設計評分規準"},
                                     {"口頭報告", "請為口頭報告設計評分規準"},
                                     {"小組專題", "請為小組專題設計評分規準"}}};

std::string reply(const std::string& text, const LastExchange& last = asked) {
  const auto read = read_reply(rules(), last, text);
  switch (read.kind) {
    case ReplyKind::fresh: return "fresh";
    case ReplyKind::chosen: return read.text;
    case ReplyKind::refused: return "refused";
    case ReplyKind::unclear: return "unclear";
  }
  return "";
}

TEST(LastExchange, is_our_last_answer_and_what_it_answered) {
  const auto last = last_exchange(
      {message(domain::MessageRole::user, "一"), message(domain::MessageRole::ai, "二"),
       message(domain::MessageRole::user, "三"),
       message(domain::MessageRole::ai, "四",
               R"({"outcome":"asked","choices":[{"label":"L","text":"T"},7]})")});
  EXPECT_EQ(last.asked, "三");
  EXPECT_EQ(last.answer, "四");
  EXPECT_EQ(last.outcome, "asked");
  ASSERT_EQ(last.choices.size(), 1u);
  EXPECT_EQ(last.choices[0].text, "T");
}

TEST(LastExchange, survives_meta_that_is_not_ours) {
  for (const auto* meta : {"", "[]", "{\"choices\":1}", "{\"outcome\":{}}", "{"}) {
    EXPECT_TRUE(last_exchange({message(domain::MessageRole::ai, "x", meta)}).choices.empty());
  }
  EXPECT_EQ(last_exchange({}).answer, "");
}

TEST(ReadReply, takes_labels_parts_and_positions) {
  EXPECT_EQ(reply("口頭報告"), "請為口頭報告設計評分規準");
  EXPECT_EQ(reply("就口頭報告好了"), "請為口頭報告設計評分規準");
  EXPECT_EQ(reply("第二個"), "請為口頭報告設計評分規準");
  EXPECT_EQ(reply("2"), "請為口頭報告設計評分規準");
  EXPECT_EQ(reply("最後一個"), "請為小組專題設計評分規準");
  EXPECT_EQ(reply("the first one"), "請為說明文設計評分規準");
  EXPECT_EQ(reply("專題"), "請為小組專題設計評分規準");
}

TEST(ReadReply, reads_yes_and_no) {
  EXPECT_EQ(reply("好"), "unclear");
  EXPECT_EQ(reply("不用了"), "refused");
  const LastExchange one{.outcome = "asked", .choices = {{"New rubric", "Please …"}}};
  EXPECT_EQ(reply("yes please", one), "Please …");
}

TEST(ReadReply, puts_a_bare_number_in_place_of_the_offered_one) {
  const LastExchange weights{
      .outcome = "asked",
      .choices = {{"30%", "把「證據」改成 30%"}, {"35%", "把「證據」改成 35%"}}};
  EXPECT_EQ(reply("28%", weights), "把「證據」改成 28%");
  EXPECT_EQ(reply("12.5", weights), "把「證據」改成 12.5%");
  EXPECT_EQ(reply("35%", weights), "把「證據」改成 35%");
}

TEST(ReadReply, leaves_messages_of_their_own_alone) {
  EXPECT_EQ(reply("改成五級"), "fresh");
  EXPECT_EQ(reply("口頭報告，五個等級，總分 50"), "fresh");
  EXPECT_EQ(reply(std::string(500, 'x')), "fresh");
  EXPECT_EQ(reply(""), "fresh");
  auto created = asked;
  created.outcome = "created";
  EXPECT_EQ(reply("第二個", created), "fresh");
  EXPECT_EQ(reply("好", LastExchange{.outcome = "asked"}), "fresh");
}

TEST(ReadContext, takes_what_it_knows) {
  const auto context = read_context(R"({"subject":"國文","assignment":"議論文","grade":8,"x":[]})");
  EXPECT_EQ(context.assignment, "議論文 國文");
  EXPECT_EQ(context.grade, "8");
  for (const auto* bad : {"", "[]", "{\"grade\":{}}", "null"}) {
    EXPECT_EQ(read_context(bad).grade, "") << bad;
  }
  EXPECT_LE(read_context("{\"assignment\":\"" + std::string(9000, 'x') + "\"}").assignment.size(),
            2000u);
}

}  // namespace
}  // namespace rubricon::ai_rules
