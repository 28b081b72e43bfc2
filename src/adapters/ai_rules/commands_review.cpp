#include <rubricon/ai_rules/commands.hpp>

#include <rubricon/ai_rules/compare.hpp>

#include <fmt/format.h>

namespace rubricon::ai_rules {
namespace {

constexpr std::size_t differences_max = 8;
constexpr std::size_t findings_shown_max = 8;

void list(Turn& turn, const std::vector<std::string>& items) {
  for (const auto& item : items) turn.lines.push_back("- " + item);
}

void show_row(Turn& turn, const domain::Criterion& row) {
  const auto& focus = row.focus.in(turn.locale);
  turn.answer(
      fmt::format("**{}** ({} %): {}", row.name.in(turn.locale), to_string(row.weight), focus),
      fmt::format("**{}**（{}%）：{}", row.name.in(turn.locale), to_string(row.weight), focus));
  std::vector<std::string> items;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const auto& text = row.cells[i].descriptor.in(turn.locale);
    const auto& level = turn.rubric->levels[i].name.in(turn.locale);
    items.push_back(turn.say(level + ": " + (text.empty() ? "(empty)" : text),
                             level + "：" + (text.empty() ? "（還沒有描述）" : text)));
  }
  list(turn, items);
}

}  // namespace

void undo(Turn& turn) {
  if (!turn.previous) {
    turn.line("There is no earlier version to go back to.", "沒有更早的版本可以復原。");
    return;
  }
  const auto changes = turn.rubric
                           ? compare(*turn.rubric, *turn.previous, turn.locale, differences_max)
                           : std::vector<std::string>();
  turn.rubric = turn.previous;
  turn.done("I went back to the version before. Say “redo” to return.",
            "已回到上一個版本。說「重做」可以再改回來。");
  list(turn, changes);
}

void redo(Turn& turn) {
  if (!turn.previous || !turn.just_undone) {
    turn.line("There is nothing to redo: the last change was not an undo.",
              "沒有可以重做的修改：上一個動作不是復原。");
    return;
  }
  const auto changes = turn.rubric
                           ? compare(*turn.rubric, *turn.previous, turn.locale, differences_max)
                           : std::vector<std::string>();
  turn.rubric = turn.previous;
  turn.done("The change that was undone is back.", "剛才復原的修改已經放回來了。");
  list(turn, changes);
}

void compare_versions(Turn& turn) {
  if (!turn.previous) {
    turn.answer("This is the first version; there is nothing to compare with.",
                "這是第一個版本，還沒有可以比較的對象。");
    return;
  }
  const auto changes = compare(*turn.previous, *turn.rubric, turn.locale, differences_max);
  if (changes.empty()) {
    turn.answer("Nothing visible differs from the version before.", "和上一個版本看起來沒有不同。");
    return;
  }
  turn.answer("Compared with the version before:", "和上一個版本相比：");
  list(turn, changes);
  turn.choice(turn.say("Undo", "復原"), turn.say("Undo", "復原"));
}

void check(Turn& turn) {
  const auto findings = domain::validate(*turn.rubric, turn.library.check_rules(*turn.rubric));
  if (findings.empty()) {
    turn.answer(fmt::format("I found no problems: the weights add up to 100 %, the points to {}, "
                            "every level has its own description.",
                            to_string(turn.rubric->total)),
                fmt::format("沒有發現問題：權重合計 100%、配分合計 {} 分，每個等級都有各自的描述。",
                            to_string(turn.rubric->total)));
    return;
  }
  turn.answer(fmt::format("I found {}:", count_en(findings.size(), "thing", "things to look at")),
              fmt::format("檢查到 {} 個地方可以再看看：", findings.size()));
  for (std::size_t i = 0; i < findings.size() && i < findings_shown_max; ++i) {
    turn.lines.push_back("- " + findings[i].message.in(turn.locale));
  }
  if (findings.size() > findings_shown_max) {
    const auto more = findings.size() - findings_shown_max;
    turn.lines.push_back(
        turn.say(fmt::format("- and {} more", more), fmt::format("- 另有 {} 處", more)));
  }
  for (const auto& finding : findings) turn.choice(finding.fix_label, finding.fix_command);
}

void show(Turn& turn, const Command& command) {
  const auto& rubric = *turn.rubric;
  const auto wanted = turn.resolver().one(command.slot("criterion").folded);
  if (!command.slot("criterion").folded.empty() && wanted.found()) {
    show_row(turn, *rubric.find(wanted.id));
    return;
  }
  std::vector<std::string> levels;
  for (const auto& level : rubric.levels) levels.push_back(level.name.in(turn.locale));
  const auto& title = rubric.title.in(turn.locale);
  turn.answer(fmt::format("**{}**: {}, {} levels, {} points. The table is beside the chat.", title,
                          count_en(rubric.criteria.size(), "criterion", "criteria"), levels.size(),
                          to_string(rubric.total)),
              fmt::format("**{}**：{} 項規準、{} 個等級，總分 {} 分。完整表格在對話旁邊。", title,
                          rubric.criteria.size(), levels.size(), to_string(rubric.total)));
  for (const auto& row : rubric.criteria) {
    turn.lines.push_back(turn.say(fmt::format("- {}: {} % ({} points)", row.name.in(turn.locale),
                                              to_string(row.weight), to_string(row.points)),
                                  fmt::format("- {}：{}%（{} 分）", row.name.in(turn.locale),
                                              to_string(row.weight), to_string(row.points))));
  }
  const auto names = join(levels, turn.locale);
  turn.line(fmt::format("Levels, best first: {}.", names),
            fmt::format("等級由高到低：{}。", names));
}

void decline_tone(Turn& turn) {
  turn.decline(
      "I work by rules and cannot make texts stricter or more lenient. What I can do: shift "
      "weights, change the number of levels, or put in your own wording.",
      "我是依規則運作的，沒辦法把描述改得更嚴格或更寬鬆。我可以調整權重、增減等級，"
      "或換上您自己寫的描述。");
  if (!turn.rubric) return;
  const auto& row = turn.rubric->criteria.front();
  const auto& name = row.name.in(turn.locale);
  turn.choice(turn.say("More weight on “" + name + "”", "提高「" + name + "」的權重"),
              turn.say("Increase the weight of \"" + name + "\"", "提高「" + name + "」的權重"));
  turn.choice(turn.say("Check the rubric", "檢查評分表"),
              turn.say("Check the rubric", "檢查評分表"));
}

void decline_question(Turn& turn) {
  turn.decline(
      "That is a question, and I work by rules: I cannot judge what would be better, so I changed "
      "nothing. To change something say it as a wish, such as “Make it 5 levels”.",
      "這聽起來是一個問題。我依規則運作，無法判斷怎樣比較好，所以沒有更動任何內容。要修改的話，請直"
      "接告訴我，例如「改成 5 個等級」。");
  turn.choice(turn.say("Check the rubric", "檢查評分表"),
              turn.say("Check the rubric", "檢查評分表"));
}

void decline_scoring(Turn& turn) {
  turn.decline(
      "I cannot judge student work: I build and edit rubrics by rules, and the grade is "
      "yours. I can make sure that the rubric is ready to use.",
      "我不能評判學生的作品：我只依規則建立和修改評分表，分數由老師決定。我可以先幫您確認"
      "評分表是否準備好。");
  if (turn.rubric) {
    turn.choice(turn.say("Check the rubric", "檢查評分表"),
                turn.say("Check the rubric", "檢查評分表"));
  } else {
    offer_starters(turn);
  }
}

void decline_export(Turn& turn, const Command& command) {
  const auto& format = command.slot("format").typed;
  const auto to_en = format.empty() ? std::string("files") : format + " files";
  const auto to_zh = format.empty() ? std::string("檔案") : " " + format + " 檔";
  turn.decline(fmt::format("I cannot make {} yet. Until then: select the table beside the chat and "
                           "paste it into Word, Google Docs or a spreadsheet, or print the page "
                           "from the browser.",
                           to_en),
               fmt::format("我還不能匯出{}。目前可以先選取對話旁的表格，貼到 Word、Google 文件或"
                           "試算表，或用瀏覽器列印。",
                           to_zh));
}

void help(Turn& turn) {
  turn.answer(
      "I build and edit rubrics by rules from a built-in library of 18 kinds of assignment. Tell "
      "me, "
      "for example:\n"
      "- “Please design a rubric for a grade 8 argumentative essay, 5 levels, 100 points in "
      "total”\n"
      "- “thesis 30%, add creativity, remove evidence, make it 4 levels”\n"
      "- “rename evidence to Sources”, “change level 1 of thesis to: …”, “switch to Chinese”\n"
      "- “check the rubric”, “what changed?”, “undo”\n"
      "I cannot judge student work, translate your own texts or rewrite freely.",
      "我依規則建立和修改評分表，內建 18 種作業的範本。您可以這樣說：\n"
      "- 「請為八年級的議論文設計評分規準，5 個等級，總分 100」\n"
      "- 「論點 30%，新增創意，刪除證據，改成 4 級」\n"
      "- 「把證據改名為資料運用」、「把論點第 1 級改成：……」、「改成中英對照」\n"
      "- 「檢查評分表」、「改了什麼」、「復原」\n"
      "我不能評判學生作品、翻譯您自己寫的文字，也不能自由改寫。");
  if (!turn.rubric) offer_starters(turn);
}

void offer_starters(Turn& turn) {
  const struct {
    const char* type;
    Facts facts;
  } starters[] = {
      {"argumentative_essay", {.grade = 8, .levels = 5, .total = domain::Amount::whole(100)}},
      {"oral_presentation", {.band = "upper_primary", .levels = 4}},
      {"lab_report", {.band = "senior_high", .levels = 4}}};
  for (const auto& starter : starters) {
    const auto* type = turn.library.type(starter.type);
    const auto title = title_for(turn.library, *type, starter.facts.grade, starter.facts.band);
    turn.choice(title.in(turn.locale),
                create_sentence(turn.library, *type, starter.facts, turn.locale));
  }
}

}  // namespace rubricon::ai_rules
