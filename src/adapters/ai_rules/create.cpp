#include <rubricon/ai_rules/create.hpp>

#include <rubricon/ai_rules/clauses.hpp>
#include <rubricon/ai_rules/commands.hpp>
#include <rubricon/ai_rules/detect.hpp>
#include <rubricon/ai_rules/draft.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace rubricon::ai_rules {
namespace {

using domain::Amount;
using domain::RubricLanguage;

constexpr std::size_t listed_criteria_max = 10;
constexpr std::size_t listed_name_bytes_max = 60;

struct Wishes {
  DraftWishes draft;
  std::vector<std::string> assumed;  ///< in the turn's language
};

void wish_levels(const Turn& turn, const Facts& facts, Wishes& wishes) {
  if (!facts.levels) {
    wishes.assumed.push_back(turn.say("4 levels", "4 個等級"));
    return;
  }
  const int nearest = std::clamp(*facts.levels, static_cast<int>(scale_levels_min),
                                 static_cast<int>(scale_levels_max));
  wishes.draft.levels = static_cast<std::size_t>(nearest);
  if (nearest != *facts.levels) {
    wishes.assumed.push_back(turn.say(fmt::format("{} levels, because I can build 2 to 6", nearest),
                                      fmt::format("{} 個等級（我能做 2 到 6 級）", nearest)));
  }
}

void wish_total(const Turn& turn, const Facts& facts, Wishes& wishes) {
  if (facts.total && *facts.total > Amount() && *facts.total <= domain::rubric_total_max) {
    wishes.draft.total = *facts.total;
  } else {
    wishes.assumed.push_back(turn.say("100 points in total", "總分 100 分"));
  }
}

void wish_audience(const Turn& turn, const Facts& facts, const ChatContext& context,
                   Wishes& wishes) {
  auto told = facts;
  if (!told.grade && told.band.empty() && !context.grade.empty()) {
    const auto text = turn.rules.fold(context.grade);
    told = turn.rules.facts(text);
    const auto number = domain::parse_amount(text);
    if (number && *number <= Amount::whole(16)) {
      told.grade = static_cast<int>(number->in_hundredths() / 100);
    }
    if (told.grade && domain::grade_band_of(*told.grade).empty()) told.grade.reset();
    const auto label = audience_label(turn.library, told.grade, told.band, turn.locale);
    if (!label.empty()) {
      wishes.assumed.push_back(
          turn.say(label + " (from the chat's settings)", label + "（依這個對話的設定）"));
    }
  } else if (told.band_assumed && !told.grade) {
    wishes.assumed.push_back(turn.say("the upper grades of elementary school", "國小以高年級為準"));
  }
  wishes.draft.grade = told.grade;
  wishes.draft.band = told.band;
}

Wishes read_wishes(const Turn& turn, const Facts& facts, const ChatContext& context) {
  Wishes out;
  wish_audience(turn, facts, context, out);
  wish_levels(turn, facts, out);
  wish_total(turn, facts, out);
  out.draft.language = turn.locale == Locale::en ? RubricLanguage::en : RubricLanguage::zh_tw;
  if (facts.language == "bilingual") out.draft.language = RubricLanguage::bilingual;
  if (facts.language == "en") out.draft.language = RubricLanguage::en;
  if (facts.language == "zh-TW") out.draft.language = RubricLanguage::zh_tw;
  return out;
}

/// Keeps the `count` heaviest rows. More than the template has cannot be invented.
void keep_heaviest(Turn& turn, int count) {
  const auto have = static_cast<int>(turn.rubric->criteria.size());
  if (count == have || count < 1) return;
  if (count > have) {
    turn.line(
        fmt::format("The template has {} criteria; name what you want besides and I add it.", have),
        fmt::format("範本有 {} 項規準，還想加什麼請告訴我名稱。", have));
    return;
  }
  std::vector<std::string> left_out;
  while (static_cast<int>(turn.rubric->criteria.size()) > count) {
    const auto& rows = turn.rubric->criteria;
    auto lightest = rows.size() - 1;
    for (std::size_t i = rows.size(); i-- > 0;) {
      if (rows[i].weight < rows[lightest].weight) lightest = i;
    }
    left_out.push_back(turn.name(rows[lightest]));
    if (!turn.apply(domain::remove_criterion(*turn.rubric, rows[lightest].id))) return;
  }
  const auto names = join(left_out, turn.locale);
  turn.line(fmt::format("To have {} criteria I left out {}.", count, names),
            fmt::format("依您要的 {} 項，沒有放入{}。", count, names));
}

struct Listed {
  std::vector<domain::Criterion> rows;
  std::vector<std::string> unknown;  ///< as typed
};

/// The rows that a list names: the template's, the library's, or the teacher's own and empty.
Listed read_list(const Turn& turn, const NormalisedText& message, Span span, bool complete) {
  Listed out;
  const auto text = std::string_view(message.text()).substr(span.begin, span.end - span.begin);
  const auto resolver = turn.resolver();
  for (const auto& part : list_parts(text)) {
    if (out.rows.size() >= listed_criteria_max || part.end - part.begin > listed_name_bytes_max) {
      break;
    }
    const auto name = text.substr(part.begin, part.end - part.begin);
    const auto typed = message.cut(span.begin + part.begin, span.begin + part.end);
    const auto facts = turn.rules.facts(name);
    if (facts.levels || facts.total || facts.grade || facts.criteria_count) continue;
    const auto own = complete ? resolver.one(name) : resolver.exact(name);
    if (own.found()) {
      out.rows.push_back(*turn.rubric->find(own.id));
    } else if (const auto found = find_in_library(turn.library, turn.rules, *turn.rubric, name)) {
      out.rows.push_back(library_row(turn.library, *found->criterion, found->id, *turn.rubric));
    } else {
      out.unknown.push_back(typed);
      if (complete) out.rows.push_back(own_row(typed, turn.locale, *turn.rubric));
    }
  }
  return out;
}

/// "評分項目：內容、組織、創意" replaces the template's rows; "包含創意" adds to them.
void apply_list(Turn& turn, const NormalisedText& message) {
  const std::string_view text = message.text();
  for (const auto& sentence : sentences(text)) {
    const auto list =
        turn.rules.criteria_list(text.substr(sentence.begin, sentence.end - sentence.begin));
    if (!list) continue;
    const Span span{sentence.begin + list->span.begin, sentence.begin + list->span.end};
    auto listed = read_list(turn, message, span, list->complete);
    if (list->complete && listed.rows.size() >= 2) {
      auto table = *turn.rubric;
      table.criteria = {listed.rows[0]};
      for (std::size_t i = 1; i < listed.rows.size(); ++i) {
        if (auto more = domain::add_criterion(table, listed.rows[i])) table = std::move(*more);
      }
      turn.apply(domain::set_weights_equal(table));
      turn.line("The criteria are the ones you listed, equally weighted.",
                "規準依您列出的項目，權重先平均分配。");
      if (!listed.unknown.empty()) {
        const auto names = join(listed.unknown, turn.locale);
        turn.line(fmt::format("My library has no text for {}: those cells are empty.", names),
                  fmt::format("內建範本沒有{}，這幾列的描述先留白。", names));
      }
      return;
    }
    for (auto& row : listed.rows) {
      if (turn.rubric->find(row.id) != nullptr) continue;
      Command command{.intent = Intent::add_criterion, .op = {}, .clause = {}, .slots = {}};
      const auto& name = row.name.in(turn.locale);
      command.slots["criterion"] = {turn.rules.fold(name), name};
      add_criterion(turn, command);
    }
    return;
  }
}

void describe(Turn& turn, const Wishes& wishes, std::size_t first_line) {
  const auto& rubric = *turn.rubric;
  std::vector<std::string> lines;
  const auto& title = rubric.title.in(turn.locale);
  lines.push_back(
      turn.say(fmt::format("Here is **{}**: {}, {} levels, {} points in total.", title,
                           count_en(rubric.criteria.size(), "criterion", "criteria"),
                           rubric.levels.size(), to_string(rubric.total)),
               fmt::format("已為您設計**{}**：{} 項規準、{} 個等級，總分 {} 分。", title,
                           rubric.criteria.size(), rubric.levels.size(), to_string(rubric.total))));
  for (const auto& row : rubric.criteria) {
    lines.push_back(turn.say(fmt::format("- {}: {} % ({} points)", row.name.in(turn.locale),
                                         to_string(row.weight), to_string(row.points)),
                             fmt::format("- {}：{}%（{} 分）", row.name.in(turn.locale),
                                         to_string(row.weight), to_string(row.points))));
  }
  std::vector<std::string> levels;
  std::vector<std::string> between;
  for (std::size_t i = 0; i < rubric.levels.size(); ++i) {
    levels.push_back(rubric.levels[i].name.in(turn.locale));
    const bool made = std::ranges::any_of(rubric.criteria, [i](const auto& row) {
      return row.cells[i].origin == domain::CellOrigin::between;
    });
    if (made) between.push_back(quoted(levels.back(), turn.locale));
  }
  const auto names = join(levels, turn.locale);
  lines.push_back(turn.say(fmt::format("Levels, best first: {}.", names),
                           fmt::format("等級由高到低：{}。", names)));
  if (!between.empty()) {
    const auto made = join(between, turn.locale);
    lines.push_back(turn.say(
        fmt::format(
            "The descriptions of {} are put together from the levels beside them and marked "
            "in the table; they need your wording.",
            made),
        fmt::format("{}的描述是由上下兩級拼成的，表中有標示，請再潤飾。", made)));
  }
  turn.lines.insert(turn.lines.begin() + static_cast<std::ptrdiff_t>(first_line), lines.begin(),
                    lines.end());
  if (!wishes.assumed.empty()) {
    const auto list = join(wishes.assumed, turn.locale);
    turn.line(fmt::format("I assumed: {}. Tell me if it should be different.", list),
              fmt::format("您沒有提到的部分，我先設為：{}。需要不同請告訴我。", list));
  }
}

void suggest_next(Turn& turn, bool replaced) {
  if (replaced) {
    turn.line("It replaces the rubric you had; say “undo” to get that one back.",
              "這份取代了原本的評分表，說「復原」可以換回來。");
    turn.choice(turn.say("Undo", "復原"), turn.say("Undo", "復原"));
  }
  const auto& first = turn.rubric->criteria.front().name.in(turn.locale);
  const int other = turn.rubric->levels.size() == 4 ? 5 : 4;
  turn.line(
      fmt::format("Next you could say “set {} to 30%”, “add creativity” or “make it {} "
                  "levels”.",
                  first, other),
      fmt::format("接下來可以說「把{}改成 30%」、「新增創意」或「改成 {} 級」。", first, other));
  turn.choice(turn.say("Check the rubric", "檢查評分表"),
              turn.say("Check the rubric", "檢查評分表"));
  turn.choice(
      turn.say(fmt::format("{} levels", other), fmt::format("改成 {} 級", other)),
      turn.say(fmt::format("Make it {} levels", other), fmt::format("改成 {} 個等級", other)));
  if (!turn.resolver().exact("creativity").found()) {
    turn.choice(turn.say("Add creativity", "新增「創意」"),
                turn.say("Add creativity", "新增「創意」"));
  }
}

}  // namespace

void ask_type(Turn& turn, const Facts& facts, const std::vector<const AssignmentType*>& candidates,
              const std::string& why) {
  std::vector<std::string> names;
  for (const auto& type : turn.library.types()) names.push_back(type.title_name.in(turn.locale));
  const auto all = join(names, turn.locale);
  if (!why.empty()) turn.lines.push_back(why);
  turn.ask(fmt::format("What kind of assignment is it for? I know: {}.", all),
           fmt::format("是哪一種作業呢？我有這些範本：{}。", all));
  for (const auto* type : candidates) {
    turn.choice(type->title_name.in(turn.locale),
                create_sentence(turn.library, *type, facts, turn.locale));
  }
}

void create(Turn& turn, const NormalisedText& message, const ChatContext& context) {
  const auto facts = turn.rules.facts(message.text());
  auto detection = detect_type(turn.library, message.text());
  bool from_context = false;
  if (detection.type == nullptr && !detection.is_tie) {
    const auto other = detect_type(turn.library, turn.rules.fold(context.assignment));
    if (other.type != nullptr) {
      detection = other;
      from_context = true;
    }
  }
  if (detection.type == nullptr) {
    ask_type(turn, facts, detection.candidates,
             detection.is_tie ? turn.say("Your message fits several of my templates.",
                                         "您說的符合不只一種範本。")
                              : "");
    return;
  }
  auto wishes = read_wishes(turn, facts, context);
  if (from_context) {
    const auto& name = detection.type->title_name.in(turn.locale);
    wishes.assumed.push_back(
        turn.say(name + " (from the chat's settings)", name + "（依這個對話的設定）"));
  }
  const bool replaced = turn.rubric.has_value();
  if (replaced) turn.previous = turn.rubric;
  const auto first_line = turn.lines.size();
  turn.rubric = draft(turn.library, *detection.type, wishes.draft);
  turn.created = true;
  turn.template_id = detection.type->id;
  turn.chat_title = turn.rubric->title.in(turn.locale);
  if (facts.criteria_count) keep_heaviest(turn, *facts.criteria_count);
  apply_list(turn, message);
  describe(turn, wishes, first_line);
  remark_on_length(turn);
  if (!facts.kind.empty()) {
    turn.line("It is an analytic rubric (criteria × levels): I cannot build other kinds yet.",
              "這是分析式評分表（規準 × 等級），其他形式我還不會做。");
  }
  suggest_next(turn, replaced);
}

}  // namespace rubricon::ai_rules
