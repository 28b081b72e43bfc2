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

  const ports::AiAnswer& say(const std::string& message) {
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

}  // namespace
}  // namespace rubricon::ai_rules
