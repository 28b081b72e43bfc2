#include <rubricon/ai_rules/commands.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace rubricon::ai_rules {
namespace {

using domain::RubricLanguage;

RubricLanguage language_named(const std::string& word) {
  const auto has = [&](std::string_view part) { return word.find(part) != std::string::npos; };
  if (has("對照") || has("雙語") || has("中英") || has("bilingual") || has("both")) {
    return RubricLanguage::bilingual;
  }
  return has("英") || has("english") ? RubricLanguage::en : RubricLanguage::zh_tw;
}

/// Texts that are shown in a language they do not have.
std::size_t untranslated(const domain::Rubric& rubric) {
  std::size_t count = 0;
  const auto lacks = [&](const domain::LocalText& text) {
    if (text.empty()) return false;
    return (rubric.language != RubricLanguage::zh_tw && text.en.empty()) ||
           (rubric.language != RubricLanguage::en && text.zh_tw.empty());
  };
  for (const auto& row : rubric.criteria) {
    count += lacks(row.name) ? 1 : 0;
    for (const auto& cell : row.cells) count += lacks(cell.descriptor) ? 1 : 0;
  }
  for (const auto& level : rubric.levels) count += lacks(level.name) ? 1 : 0;
  return count;
}

/// Whether `text` is a title that we made, so that we may make it anew.
bool is_our_title(const Turn& turn, const domain::Rubric& rubric) {
  const auto* type = turn.library.type(rubric.assignment_type.value_or(""));
  return type != nullptr && rubric.title == title_for(turn.library, *type, rubric.grade,
                                                      rubric.grade_band.value_or(""));
}

/// Gives library cells the texts of the rubric's new band. Cells of the teacher stay.
std::size_t refit_texts(const Turn& turn, domain::Rubric& rubric) {
  const auto before = rubric;
  const auto count = rubric.levels.size();
  if (count < scale_levels_min || count > scale_levels_max) return 0;
  const auto scheme = turn.library.scheme(rubric, count);
  std::size_t changed = 0;
  for (auto& row : rubric.criteria) {
    const auto texts = scheme.library.find(row.id);
    if (texts == scheme.library.end()) continue;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const int height = domain::level_height(i, count);
      auto& cell = row.cells[i];
      if (cell.origin != domain::CellOrigin::library || height % 100 != 0) continue;
      const auto& text = texts->second[static_cast<std::size_t>(4 - height / 100)];
      changed += cell.descriptor == text ? 0 : 1;
      cell.descriptor = text;
    }
  }
  return changed;
}

}  // namespace

void set_language(Turn& turn, const Command& command) {
  const auto language =
      language_named(command.slot("language").folded.empty() ? command.clause.folded
                                                             : command.slot("language").folded);
  const char* en = language == RubricLanguage::en      ? "English"
                   : language == RubricLanguage::zh_tw ? "Traditional Chinese"
                                                       : "both languages";
  const char* zh = language == RubricLanguage::en      ? "英文"
                   : language == RubricLanguage::zh_tw ? "繁體中文"
                                                       : "中英對照";
  if (turn.rubric->language == language) {
    turn.line(fmt::format("The table is shown in {} already.", en),
              fmt::format("評分表目前就是{}。", zh));
  } else {
    turn.rubric = domain::set_language(*turn.rubric, language);
    turn.done(fmt::format("The table is shown in {} now.", en),
              fmt::format("評分表已切換成{}。", zh));
  }
  if (const auto count = untranslated(*turn.rubric); count > 0) {
    turn.line(fmt::format("{} written by you stay as they are: I cannot translate free text.",
                          count_en(count, "text", "texts")),
              fmt::format("其中 {} 處是您自己寫的文字，我不會翻譯，先保留原文。", count));
  }
}

void set_audience(Turn& turn, const Command& command) {
  const auto facts = turn.rules.facts(command.clause.folded);
  if (!facts.grade && facts.band.empty()) {
    turn.decline(
        "I cannot rewrite texts freely, so I cannot make the wording simpler by myself. I "
        "can set the grade, check which descriptions are long for it, and put in your "
        "wording cell by cell.",
        "我不能自由改寫文字，所以沒辦法直接把用語變簡單。我可以設定年級、檢查哪些描述對"
        "這個年級偏長，也可以逐格換上您的用語。");
    turn.choice(turn.say("Check the rubric", "檢查評分表"),
                turn.say("Check the rubric", "檢查評分表"));
    turn.choice(turn.say("Change to grade 5", "改成五年級"),
                turn.say("Change it to grade 5", "改成國小五年級"));
    return;
  }
  auto rubric = *turn.rubric;
  const bool retitle = is_our_title(turn, rubric);
  rubric.grade = facts.grade;
  rubric.grade_band = facts.grade ? std::string(domain::grade_band_of(*facts.grade)) : facts.band;
  if (rubric.grade == turn.rubric->grade && rubric.grade_band == turn.rubric->grade_band) {
    const auto audience =
        audience_label(turn.library, rubric.grade, *rubric.grade_band, turn.locale);
    turn.line(fmt::format("The rubric is for {} already.", audience),
              fmt::format("評分表的對象已經是{}。", audience));
    return;
  }
  if (retitle) {
    const auto* type = turn.library.type(rubric.assignment_type.value_or(""));
    rubric.title = title_for(turn.library, *type, rubric.grade, *rubric.grade_band);
  }
  const auto changed = refit_texts(turn, rubric);
  turn.rubric = std::move(rubric);
  const auto audience =
      audience_label(turn.library, turn.rubric->grade, *turn.rubric->grade_band, turn.locale);
  turn.done(fmt::format("The rubric is for {} now.", audience),
            fmt::format("評分表的對象改成{}。", audience));
  if (facts.band_assumed && !facts.grade) {
    turn.line("I took the upper grades; say a grade to be exact.",
              "我先以高年級為準，說出年級可以更精確。");
  }
  if (changed > 0) {
    turn.line(fmt::format("{} from the library changed to fit this age.",
                          count_en(changed, "description", "descriptions")),
              fmt::format("有 {} 格範本描述換成適合這個年紀的版本。", changed));
  }
  remark_on_length(turn);
}

void remark_on_length(Turn& turn) {
  const auto findings = domain::validate(*turn.rubric, turn.library.check_rules(*turn.rubric));
  const auto count =
      std::ranges::count(findings, std::string("too_long_for_grade"), &domain::RubricFinding::code);
  if (count == 0) return;
  turn.line(
      fmt::format("{} long for this grade; I cannot shorten texts by myself.",
                  count == 1 ? "1 description is" : fmt::format("{} descriptions are", count)),
      fmt::format("有 {} 格描述對這個年級偏長，我不能自行縮寫。", count));
}

}  // namespace rubricon::ai_rules
