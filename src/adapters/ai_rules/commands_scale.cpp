#include <rubricon/ai_rules/commands.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace rubricon::ai_rules {
namespace {

constexpr int count_shown_max = 999;

std::vector<std::string> level_names(const Turn& turn) {
  std::vector<std::string> out;
  for (const auto& level : turn.rubric->levels) out.push_back(level.name.in(turn.locale));
  return out;
}

std::size_t cells_where(const domain::Rubric& rubric, auto&& predicate) {
  std::size_t count = 0;
  for (const auto& row : rubric.criteria) {
    count += static_cast<std::size_t>(std::ranges::count_if(row.cells, predicate));
  }
  return count;
}

/// How many levels are wanted; nothing for an unreadable number.
std::optional<int> wanted_count(const Turn& turn, const Command& command) {
  const auto now = static_cast<int>(turn.rubric->levels.size());
  if (command.op == "more") return now + 1;
  if (command.op == "fewer") return now - 1;
  const auto amount = domain::parse_amount(command.slot("count").folded);
  if (!amount) return std::nullopt;
  return static_cast<int>(std::min<std::int64_t>(amount->in_hundredths() / 100, count_shown_max));
}

void remark_on_cells(Turn& turn) {
  const auto between = cells_where(*turn.rubric, [](const domain::RubricCell& cell) {
    return cell.origin == domain::CellOrigin::between;
  });
  const auto empty = cells_where(
      *turn.rubric, [](const domain::RubricCell& cell) { return cell.descriptor.empty(); });
  if (between > 0) {
    turn.line(fmt::format(
                  "{} put together from the levels beside them and marked in the table; "
                  "they need your wording.",
                  between == 1 ? "1 description is" : fmt::format("{} descriptions are", between)),
              fmt::format("有 {} 格描述是由上下兩級拼成的，表中有標示，請再潤飾。", between));
  }
  if (empty > 0) {
    turn.line(fmt::format("{} empty: I have no text for {} and do not invent one.",
                          empty == 1 ? "1 cell is" : fmt::format("{} cells are", empty),
                          empty == 1 ? "it" : "them"),
              fmt::format("有 {} 格沒有現成的描述，先留白給您填寫。", empty));
  }
}

}  // namespace

void set_levels(Turn& turn, const Command& command) {
  const auto now = turn.rubric->levels.size();
  if (command.op == "one") {
    const auto fewer = std::max(now - 1, scale_levels_min);
    turn.decline(
        "I cannot take out one chosen level; I can build the scale anew with fewer levels.",
        "我不能單獨拿掉指定的一級，但可以重新做成比較少的等級。");
    turn.choice(
        turn.say(fmt::format("{} levels", fewer), fmt::format("改成 {} 級", fewer)),
        turn.say(fmt::format("Make it {} levels", fewer), fmt::format("改成 {} 個等級", fewer)));
    return;
  }
  const auto wanted = wanted_count(turn, command);
  if (!wanted || *wanted < static_cast<int>(scale_levels_min) ||
      *wanted > static_cast<int>(scale_levels_max)) {
    turn.decline(fmt::format("I can build scales of 2 to 6 levels; the table has {} now.", now),
                 fmt::format("我能做 2 到 6 個等級，目前是 {} 個。", now));
    turn.choice(turn.say("6 levels", "改成 6 級"), turn.say("Make it 6 levels", "改成 6 個等級"));
    turn.choice(turn.say("3 levels", "改成 3 級"), turn.say("Make it 3 levels", "改成 3 個等級"));
    return;
  }
  const auto count = static_cast<std::size_t>(*wanted);
  if (count == now) {
    turn.line(fmt::format("The table has {} levels already.", count),
              fmt::format("目前就是 {} 個等級。", count));
    return;
  }
  if (!turn.apply(domain::set_levels(*turn.rubric, turn.library.scheme(*turn.rubric, count)))) {
    return;
  }
  const auto names = join(level_names(turn), turn.locale);
  turn.done(fmt::format("The table has {} levels now: {}.", count, names),
            fmt::format("等級改成 {} 級：{}。", count, names));
  remark_on_cells(turn);
  if (count < now) {
    turn.line("What was dropped is kept in the previous version; say “undo” to get it back.",
              "拿掉的描述還在上一個版本裡，說「復原」就能取回。");
  }
}

void rename_levels(Turn& turn, const Command& command) {
  const auto& slot = command.slot("names");
  auto parts = list_parts(slot.folded);
  const auto& typed = slot.typed;
  std::vector<std::string> names;
  // The typed text has the same separators, so that its parts are the names as written.
  const auto typed_folded = turn.rules.normalise(typed);
  parts = list_parts(typed_folded.text());
  for (const auto& part : parts) names.push_back(typed_folded.cut(part.begin, part.end));
  if (names.size() == 1) {
    names.clear();
    std::size_t begin = 0;
    const auto& text = typed_folded.text();
    for (std::size_t at = 0; at <= text.size(); ++at) {
      if (at < text.size() && text[at] != ' ') continue;
      if (at > begin) names.push_back(typed_folded.cut(begin, at));
      begin = at + 1;
    }
  }
  const auto count = turn.rubric->levels.size();
  if (names.size() != count) {
    turn.ask(fmt::format("The table has {} levels and you gave {}. Please give one name a level, "
                         "best first.",
                         count, count_en(names.size(), "name", "names")),
             fmt::format("目前有 {} 個等級，您給了 {} 個名稱。請由高到低，一級一個名稱。", count,
                         names.size()));
    if (names.size() >= scale_levels_min && names.size() <= scale_levels_max) {
      turn.choice(turn.say(fmt::format("{} levels first", names.size()),
                           fmt::format("先改成 {} 級", names.size())),
                  turn.say(fmt::format("Make it {} levels; call the levels {}", names.size(),
                                       join(names, turn.locale)),
                           fmt::format("改成 {} 個等級；等級名稱改成{}", names.size(),
                                       join(names, turn.locale))));
    }
    return;
  }
  std::vector<domain::LocalText> texts;
  for (auto& name : names) {
    domain::LocalText text;
    (turn.locale == Locale::en ? text.en : text.zh_tw) = std::move(name);
    texts.push_back(std::move(text));
  }
  if (!turn.apply(domain::rename_levels(*turn.rubric, texts))) return;
  const auto list = join(level_names(turn), turn.locale);
  turn.done(fmt::format("The levels are called, best first: {}.", list),
            fmt::format("等級名稱由高到低改成：{}。", list));
}

void set_total(Turn& turn, const Command& command) {
  const auto total =
      command.op == "hundred"
          ? domain::Amount::whole(100)
          : domain::parse_amount(command.slot("total").folded).value_or(domain::Amount());
  if (total == turn.rubric->total) {
    turn.line(fmt::format("The total is {} points already.", to_string(total)),
              fmt::format("總分已經是 {} 分。", to_string(total)));
    return;
  }
  if (!turn.apply(domain::set_total(*turn.rubric, total))) return;
  turn.done(fmt::format("The total is {} points now, and the points of every criterion follow from "
                        "the weights.",
                        to_string(total)),
            fmt::format("總分改成 {} 分，各項配分已依權重重新計算。", to_string(total)));
}

void set_kind(Turn& turn, const Command& command) {
  const auto& kind = command.slot("kind").folded;
  const bool analytic = kind.starts_with("analytic") || kind.starts_with("分析");
  if (analytic) {
    turn.line("It is an analytic rubric already: one row a criterion, one column a level.",
              "目前就是分析式：一項規準一列，一個等級一欄。");
    return;
  }
  turn.decline(
      "I can only build analytic rubrics (criteria × levels) so far, no holistic, single-point or "
      "checklist ones. With 2 levels the table comes close to a checklist.",
      "我目前只會做分析式的評分表（規準 × 等級），還不會整體式、單點式或檢核表。改成 2 個等級，"
      "就會接近檢核表。");
  turn.choice(turn.say("2 levels", "改成 2 級"), turn.say("Make it 2 levels", "改成 2 個等級"));
}

}  // namespace rubricon::ai_rules
