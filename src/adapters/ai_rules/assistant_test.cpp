// Whole answers, turn after turn.
// tests: commands_audience.cpp
// tests: commands_review.cpp
// tests: create.cpp
// tests: turn.cpp
#include <rubricon/ai_rules/assistant.hpp>

#include <rubricon/domain/rubric.hpp>

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace rubricon::ai_rules {
namespace {

using domain::Locale;
using ports::AiOutcome;

const Assistant& assistant() {
  static const Assistant the_assistant;
  return the_assistant;
}

/// A chat with the assistant that keeps what the server would keep.
class Chat {
 public:
  explicit Chat(Locale locale = Locale::zh_tw) : locale_(locale) {}

  const ports::AiAnswer& say(std::string message) {
    answer_ = assistant().respond({.message = message,
                                   .history = history_,
                                   .context = context,
                                   .rubric = document_,
                                   .locale = locale_,
                                   .previous_rubric = previous_});
    remember(domain::MessageRole::user, message, "{}");
    std::string choices;
    for (const auto& choice : answer_.choices) {
      choices += fmt::format("{}{{\"label\":\"{}\",\"text\":\"{}\"}}", choices.empty() ? "" : ",",
                             escaped(choice.label), escaped(choice.text));
    }
    remember(domain::MessageRole::ai, answer_.text,
             fmt::format("{{\"outcome\":\"{}\",\"choices\":[{}]}}", to_string(answer_.outcome),
                         choices));
    if (answer_.rubric) {
      previous_ = document_;
      document_ = answer_.rubric;
    }
    return answer_;
  }

  domain::Rubric rubric() const {
    if (!document_) return {};
    const auto parsed = domain::parse_rubric(*document_);
    EXPECT_TRUE(parsed.has_value());
    return parsed.value_or(domain::Rubric{});
  }
  const ports::AiAnswer& answer() const { return answer_; }
  bool has_rubric() const { return document_.has_value(); }
  std::string weights() const {
    std::string out;
    for (const auto& row : rubric().criteria) {
      out += (out.empty() ? "" : " ") + row.id + "=" + to_string(row.weight);
    }
    return out;
  }
  std::string labels() const {
    std::string out;
    for (const auto& choice : answer_.choices) out += (out.empty() ? "" : "|") + choice.label;
    return out;
  }

  std::string context = "{}";

 private:
  static std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    return out;
  }
  void remember(domain::MessageRole role, std::string content, std::string meta) {
    domain::Message message;
    message.role = role;
    message.content = std::move(content);
    message.meta = std::move(meta);
    history_.push_back(std::move(message));
  }

  Locale locale_;
  std::optional<std::string> document_;
  std::optional<std::string> previous_;
  std::vector<domain::Message> history_;
  ports::AiAnswer answer_;
};

TEST(Assistant, designs_the_rubric_of_the_first_page_in_chinese) {
  Chat chat;
  chat.say("請為八年級的議論文設計評分規準，5 個等級，總分 100");
  EXPECT_EQ(chat.answer().text,
            "已為您設計**八年級議論文評分規準**：5 項規準、5 個等級，總分 100 分。\n\n"
            "- 論點與立場：25%（25 分）\n"
            "- 證據運用：25%（25 分）\n"
            "- 推理論證：20%（20 分）\n"
            "- 反方觀點與回應：15%（15 分）\n"
            "- 結構與語言：15%（15 分）\n\n"
            "等級由高到低：優異、優良、良好、尚可、待加強。\n\n"
            "「優良」的描述是由上下兩級拼成的，表中有標示，請再潤飾。\n\n"
            "接下來可以說「把論點與立場改成 30%」、「新增創意」或「改成 4 級」。");
  EXPECT_EQ(chat.answer().outcome, AiOutcome::created);
  EXPECT_EQ(chat.answer().template_id, "argumentative_essay");
  EXPECT_EQ(chat.answer().chat_title, "八年級議論文評分規準");
  EXPECT_EQ(chat.answer().source, "rules");
  EXPECT_EQ(chat.labels(), "檢查評分表|改成 4 級|新增「創意」");
  const auto rubric = chat.rubric();
  EXPECT_EQ(rubric.title.zh_tw, "八年級議論文評分規準");
  EXPECT_EQ(rubric.title.en, "Grade 8 argumentative essay rubric");
  EXPECT_EQ(rubric.grade, 8);
  EXPECT_EQ(rubric.grade_band, "junior_high");
  EXPECT_EQ(rubric.language, domain::RubricLanguage::zh_tw);
  EXPECT_EQ(rubric.criteria.size(), 5u);
  EXPECT_EQ(rubric.levels.size(), 5u);
  EXPECT_EQ(rubric.levels[1].id, "l2");
  EXPECT_EQ(rubric.criteria[0].cells[1].origin, domain::CellOrigin::between);
  EXPECT_EQ(rubric.criteria[0].cells[0].origin, domain::CellOrigin::library);
  for (const auto& row : rubric.criteria) {
    for (const auto& cell : row.cells) {
      EXPECT_FALSE(cell.descriptor.en.empty());
      EXPECT_FALSE(cell.descriptor.zh_tw.empty());
    }
  }
}

TEST(Assistant, designs_the_rubric_of_the_first_page_in_english) {
  Chat chat;
  chat.say(
      "Please design a rubric for a grade 8 argumentative essay, 5 levels, 100 points in total");
  EXPECT_EQ(chat.answer().text,
            "Here is **Grade 8 argumentative essay rubric**: 5 criteria, 5 levels, 100 points in "
            "total.\n\n"
            "- Thesis and position: 25 % (25 points)\n"
            "- Evidence: 25 % (25 points)\n"
            "- Reasoning: 20 % (20 points)\n"
            "- Counter-arguments: 15 % (15 points)\n"
            "- Structure and language: 15 % (15 points)\n\n"
            "Levels, best first: Exemplary, Strong, Proficient, Developing, Beginning.\n\n"
            "The descriptions of “Strong” are put together from the levels beside them and marked "
            "in the table; they need your wording.\n\n"
            "Next you could say “set Thesis and position to 30%”, “add creativity” or “make it 4 "
            "levels”.");
  EXPECT_EQ(chat.answer().chat_title, "Grade 8 argumentative essay rubric");
  EXPECT_EQ(chat.rubric().language, domain::RubricLanguage::en);
}

TEST(Assistant, does_several_commands_of_one_message) {
  Chat chat;
  chat.say("請為八年級的議論文設計評分規準，5 個等級，總分 100");
  chat.say("改成4級，論點 30%，新增創意");
  EXPECT_EQ(chat.answer().outcome, AiOutcome::edited);
  EXPECT_EQ(chat.rubric().levels.size(), 4u);
  EXPECT_EQ(chat.weights(),
            "thesis=30 evidence=18 reasoning=15 counterargument=11 structure_language=11 "
            "creativity=15");
  chat.say("復原");
  EXPECT_EQ(chat.rubric().levels.size(), 5u);
  EXPECT_EQ(chat.rubric().criteria.size(), 5u);
  chat.say("重做");
  EXPECT_EQ(chat.rubric().criteria.size(), 6u);
  chat.say("重做");
  EXPECT_EQ(chat.answer().outcome, AiOutcome::unchanged);
}

TEST(Assistant, asks_for_the_type_and_carries_along_what_it_understood) {
  Chat chat;
  chat.say("幫我做一份八年級的評分表，5 級，總分 60");
  EXPECT_EQ(chat.answer().outcome, AiOutcome::asked);
  EXPECT_FALSE(chat.has_rubric());
  ASSERT_EQ(chat.answer().choices.size(), 3u);
  EXPECT_EQ(chat.answer().choices[1].text, "請為八年級的口頭報告設計評分規準，5 個等級，總分 60");
  chat.say("辯論");
  EXPECT_EQ(chat.answer().outcome, AiOutcome::created);
  EXPECT_EQ(chat.rubric().assignment_type, "debate");
  EXPECT_EQ(chat.rubric().grade, 8);
  EXPECT_EQ(chat.rubric().levels.size(), 5u);
  EXPECT_EQ(chat.rubric().total, domain::Amount::whole(60));
}

TEST(Assistant, says_what_it_assumed_and_takes_the_rest_from_the_chats_context) {
  Chat chat;
  chat.context = R"({"subject": "國文", "grade": "國二", "assignment": "議論文寫作"})";
  chat.say("請設計評分規準");
  EXPECT_EQ(chat.rubric().assignment_type, "argumentative_essay");
  EXPECT_EQ(chat.rubric().grade, 8);
  EXPECT_NE(chat.answer().text.find("八年級（依這個對話的設定）"), std::string::npos);
  EXPECT_NE(chat.answer().text.find("4 個等級、總分 100 分"), std::string::npos);
}

TEST(Assistant, answers_in_the_language_of_the_message) {
  Chat chat(Locale::en);
  chat.say("请帮我设计口头报告的评分标准");
  EXPECT_NE(chat.answer().text.find("已為您設計"), std::string::npos);
  chat.say("make it 5 levels");
  EXPECT_NE(chat.answer().text.find("The table has 5 levels now"), std::string::npos);
  chat.say("總分 50");
  chat.say("30%");
  EXPECT_NE(chat.answer().text.find("沒有聽懂"), std::string::npos);
}

TEST(Assistant, asks_how_much_and_takes_a_bare_number) {
  Chat chat;
  chat.say("議論文評分規準");
  chat.say("把證據的權重提高一點");
  EXPECT_EQ(chat.labels(), "30%|35%|40%");
  chat.say("28%");
  EXPECT_EQ(chat.weights(),
            "thesis=24 evidence=28 reasoning=19 counterargument=15 structure_language=14");
}

TEST(Assistant, asks_which_row_with_commands_to_press) {
  Chat chat;
  chat.say("rubric for an argumentative essay");
  chat.say("set grammar to 20%");
  EXPECT_EQ(chat.answer().outcome, AiOutcome::asked);
  EXPECT_EQ(chat.answer().choices[0].text, "Set \"Thesis and position\" to 20%");
  chat.say("no thanks");
  EXPECT_EQ(chat.answer().outcome, AiOutcome::answered);
  EXPECT_EQ(chat.answer().text, "All right, nothing was changed.");
}

TEST(Assistant, does_what_it_can_and_asks_about_the_rest) {
  Chat chat;
  chat.say("議論文評分規準");
  chat.say("改成五級，字跡 20%，今天天氣真的非常好");
  EXPECT_EQ(chat.answer().outcome, AiOutcome::edited);
  EXPECT_EQ(chat.rubric().levels.size(), 5u);
  EXPECT_EQ(chat.answer().choices.size(), 3u);
  EXPECT_NE(chat.answer().text.find("「今天天氣真的非常好」我沒有聽懂"), std::string::npos);
}

TEST(Assistant, replaces_a_rubric_only_with_a_way_back) {
  Chat chat;
  chat.say("八年級議論文評分規準");
  chat.say("口頭報告");
  EXPECT_EQ(chat.answer().outcome, AiOutcome::asked);
  EXPECT_EQ(chat.rubric().assignment_type, "argumentative_essay");
  chat.say("重新設計");
  EXPECT_EQ(chat.answer().outcome, AiOutcome::created);
  EXPECT_EQ(chat.rubric().assignment_type, "oral_presentation");
  EXPECT_EQ(chat.labels(), "復原|檢查評分表|改成 5 級");
  chat.say("復原");
  EXPECT_EQ(chat.rubric().assignment_type, "argumentative_essay");
}

TEST(Assistant, keeps_what_the_teacher_wrote_when_levels_and_language_change) {
  Chat chat;
  chat.say("議論文評分規準");
  chat.say("把論點第1級改成：立場清楚");
  chat.say("改成六級");
  EXPECT_EQ(chat.rubric().criteria[0].cells[0].descriptor.zh_tw, "立場清楚");
  chat.say("翻譯成英文");
  EXPECT_EQ(chat.rubric().language, domain::RubricLanguage::en);
  EXPECT_EQ(chat.rubric().criteria[0].cells[0].descriptor.zh_tw, "立場清楚");
  EXPECT_NE(chat.answer().text.find("我不會翻譯"), std::string::npos);
  chat.say("改成中文");
  EXPECT_EQ(chat.rubric().language, domain::RubricLanguage::zh_tw);
}

TEST(Assistant, counts_a_level_from_the_best_and_says_so) {
  Chat chat;
  chat.say("議論文評分規準");
  chat.say("論點第2級：有立場");
  EXPECT_EQ(chat.rubric().criteria[0].cells[1].descriptor.zh_tw, "有立場");
  EXPECT_EQ(chat.labels(), "我指的是「尚可」");
  chat.say(chat.answer().choices[0].text);
  EXPECT_NE(chat.rubric().criteria[0].cells[1].descriptor.zh_tw, "有立場");
  EXPECT_EQ(chat.rubric().criteria[0].cells[2].descriptor.zh_tw, "有立場");
}

TEST(Assistant, fits_library_texts_to_young_grades_and_back) {
  Chat chat;
  chat.say("國小二年級作文評分規準");
  const auto young = chat.rubric();
  EXPECT_EQ(chat.rubric().title.zh_tw, "二年級作文評分規準");
  chat.say("改成八年級");
  EXPECT_EQ(chat.rubric().title.zh_tw, "八年級作文評分規準");
  EXPECT_NE(chat.rubric().criteria[0].cells[0].descriptor, young.criteria[0].cells[0].descriptor);
  chat.say("改成二年級");
  EXPECT_EQ(chat.rubric(), young);
  chat.say("改成二年級");
  EXPECT_EQ(chat.answer().outcome, AiOutcome::unchanged);
}

TEST(Assistant, says_which_texts_are_long_where_the_library_has_no_short_ones) {
  Chat chat;
  chat.say("grade 2 research paper rubric");
  EXPECT_EQ(chat.answer().outcome, AiOutcome::created);
  EXPECT_NE(chat.answer().text.find("long for this grade"), std::string::npos);
}

TEST(Assistant, lists_findings_with_fixes_that_work_when_pressed) {
  Chat chat;
  chat.say("議論文評分規準");
  chat.say("論點 70%");
  chat.say("檢查評分表");
  EXPECT_EQ(chat.answer().outcome, AiOutcome::answered);
  ASSERT_FALSE(chat.answer().choices.empty());
  chat.say(chat.answer().choices[0].text);
  EXPECT_EQ(chat.answer().outcome, AiOutcome::edited);
  EXPECT_EQ(chat.rubric().criteria[0].weight, domain::Amount::whole(40));
}

TEST(Assistant, proposes_the_same_proportions_where_weights_do_not_sum) {
  Chat chat;
  chat.say("議論文評分規準");
  chat.say("論點 50%、證據 50%、推理 50%、反方 25%、結構 25%");
  EXPECT_EQ(chat.answer().outcome, AiOutcome::asked);
  chat.say("依比例換算");
  EXPECT_EQ(chat.answer().outcome, AiOutcome::edited);
  EXPECT_EQ(chat.weights(),
            "thesis=25 evidence=25 reasoning=25 counterargument=13 structure_language=12");
}

TEST(Assistant, tells_percent_and_points_apart_where_they_differ) {
  Chat chat;
  chat.say("議論文評分規準，總分 50");
  chat.say("論點 20");
  EXPECT_EQ(chat.labels(), "20%|20 分");
  chat.say("20 分");
  EXPECT_EQ(chat.rubric().criteria[0].points, domain::Amount::whole(20));
  EXPECT_EQ(chat.rubric().criteria[0].weight, domain::Amount::whole(40));
}

TEST(Assistant, never_ends_in_a_dead_end) {
  for (const bool with_rubric : {false, true}) {
    for (const auto* text : {"今天天氣真好", "asdf", "🙂🙂🙂", "？？？", "1", "%%%", "\"\"\""}) {
      Chat chat;
      if (with_rubric) chat.say("議論文評分規準");
      chat.say(text);
      EXPECT_EQ(chat.answer().outcome, AiOutcome::asked) << text;
      EXPECT_EQ(chat.answer().choices.size(), 3u) << text;
      for (const auto& choice : chat.answer().choices) {
        Chat other = chat;
        other.say(choice.text);
        EXPECT_NE(other.answer().outcome, AiOutcome::asked) << choice.text;
      }
    }
  }
}

TEST(Assistant, reads_the_first_part_of_a_long_message_and_says_so) {
  std::string message = "改成五級。";
  for (int i = 0; i < 4000; ++i) message += "字";
  Chat chat;
  chat.say("議論文評分規準");
  chat.say(message);
  EXPECT_EQ(chat.rubric().levels.size(), 5u);
  EXPECT_NE(chat.answer().text.find("只讀了前面的部分"), std::string::npos);
  EXPECT_LE(chat.answer().text.size(), 16u * 1024);
}

TEST(Assistant, treats_a_document_it_cannot_read_as_none) {
  const auto answer = assistant().respond({.message = "改成五級", .rubric = "{\"bad\":1}"});
  EXPECT_EQ(answer.outcome, AiOutcome::asked);
  EXPECT_FALSE(answer.rubric.has_value());
}

TEST(Assistant, changes_nothing_where_the_document_would_grow_too_large) {
  Chat chat;
  chat.say("議論文評分規準，中英對照");
  const std::string text(2000, 'x');
  int declined = 0;
  for (int i = 0; i < 45 && declined == 0; ++i) {
    chat.say("新增「項目" + std::to_string(i) + "甲」");
    for (int level = 1; level <= 4 && declined == 0; ++level) {
      chat.say("把「項目" + std::to_string(i) + "甲」第 " + std::to_string(level) + " 級改成：" +
               text);
      declined += chat.answer().outcome == AiOutcome::declined ? 1 : 0;
    }
  }
  EXPECT_EQ(declined, 1);
  EXPECT_FALSE(chat.answer().rubric.has_value());
}

TEST(Assistant, knows_what_is_nothing_but_going_back_or_forth) {
  const Assistant assistant;
  for (const auto* message : {"復原", "請復原", "還原", "undo", "Undo please", "重做", "redo"}) {
    EXPECT_TRUE(assistant.goes_back_or_forth(message)) << message;
  }
  for (const auto* message : {"", "復原論點的文字", "改成五級",
                              "undo the weights and add creativity", "為什麼要復原", "hello"}) {
    EXPECT_FALSE(assistant.goes_back_or_forth(message)) << message;
  }
}

TEST(Assistant, says_the_same_thing_once_in_an_answer) {
  const auto answer = Assistant().respond({.message = "幫我改這篇學生作文並打分數"});
  const auto first = answer.text.substr(0, answer.text.find('\n'));
  EXPECT_EQ(answer.text.find(first, 1), std::string::npos) << answer.text;
}

}  // namespace
}  // namespace rubricon::ai_rules
