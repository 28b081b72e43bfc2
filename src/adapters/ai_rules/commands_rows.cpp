#include <rubricon/ai_rules/commands.hpp>

#include <rubricon/ai_rules/draft.hpp>
#include <rubricon/ai_rules/likeness.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace rubricon::ai_rules {
namespace {

using domain::Amount;

constexpr std::int64_t weight_step = 5;

/// A fair share in steps of 5 %, at least 5.
Amount fair_weight(const domain::Rubric& rubric) {
  const auto count = static_cast<std::int64_t>(rubric.criteria.size()) + 1;
  return Amount::whole(std::max(weight_step, 100 / count / weight_step * weight_step));
}

/// "創意 10%", "「創意」佔 10 分" → 創意 and 10 %: cuts a weight off the end of a name.
std::optional<Amount> take_weight(const Turn& turn, SlotText& slot) {
  const auto found = turn.rules.trailing_weight(slot.folded);
  if (!found) return std::nullopt;
  const auto amount = domain::parse_amount(
      slot.folded.substr(found->value.begin, found->value.end - found->value.begin));
  const auto typed = turn.rules.normalise(slot.typed);
  const auto name = slot.folded.substr(0, found->name_end);
  const auto at = typed.text().find(name);
  slot.folded = name;
  if (at != std::string::npos) slot.typed = typed.cut(at, at + name.size());
  if (!amount || !found->is_points) return amount;
  const auto total = turn.rubric->total.in_hundredths();
  return Amount::hundredths(
      std::min<std::int64_t>((amount->in_hundredths() * 10'000 + total / 2) / total, 10'000));
}

/// The names of a list, each as typed; one name where the whole is a known one.
std::vector<SlotText> names_of(const Turn& turn, const SlotText& slot) {
  if (turn.resolver().exact(slot.folded).found() ||
      find_in_library(turn.library, turn.rules, *turn.rubric, slot.folded)) {
    return {slot};
  }
  const auto text = turn.rules.normalise(slot.typed);
  std::vector<SlotText> out;
  for (const auto& part : list_parts(text.text())) {
    out.push_back(
        {text.text().substr(part.begin, part.end - part.begin), text.cut(part.begin, part.end)});
  }
  return out;
}

void add_one(Turn& turn, SlotText name, std::optional<Amount> weight) {
  if (const auto present = turn.resolver().exact(name.folded); present.found()) {
    turn.line(fmt::format("{} is in the table already.", turn.name(present.id)),
              fmt::format("表裡已經有{}了。", turn.name(present.id)));
    return;
  }
  const auto found = find_in_library(turn.library, turn.rules, *turn.rubric, name.folded);
  auto row = found ? library_row(turn.library, *found->criterion, found->id, *turn.rubric)
                   : own_row(name.typed, turn.locale, *turn.rubric);
  row.weight = weight.value_or(fair_weight(*turn.rubric));
  if (!turn.apply(domain::add_criterion(*turn.rubric, row))) return;
  const auto& added = turn.rubric->criteria.back();
  turn.last_row = added.id;
  (weight ? turn.weights : turn.added).push_back({added.id, added.weight});
  const auto head_en = fmt::format("Added {} with {} %", turn.name(added), to_string(added.weight));
  const auto head_zh = fmt::format("新增{}，佔 {}%", turn.name(added), to_string(added.weight));
  if (!found) {
    turn.done(fmt::format("{}. My library has no text for it, so its descriptions are empty: write "
                          "them in the table, or tell me, for example: change level 1 of \"{}\" "
                          "to: …",
                          head_en, name.typed),
              fmt::format("{}。內建範本沒有這一項，描述先留白：可以直接在表裡填寫，或告訴我「把"
                          "{}第 1 級改成：……」。",
                          head_zh, turn.name(added)));
  } else if (found->borrowed_from != nullptr) {
    const auto& from = found->borrowed_from->title_name;
    turn.done(fmt::format("{}, with descriptions from the {} template; please check that they fit.",
                          head_en, from.en),
              fmt::format("{}，描述借用「{}」範本，請看看是否合用。", head_zh, from.zh_tw));
  } else {
    turn.done(head_en + ", with descriptions from the library. The others shrink in proportion.",
              head_zh + "，描述取自內建範本，其他各項依比例調低。");
  }
}

std::string command_about(const Turn& turn, const domain::Criterion& row, const char* en,
                          const char* zh) {
  return fmt::format(fmt::runtime(turn.locale == Locale::en ? en : zh), row.name.in(turn.locale));
}

/// One row (of an empty slot: the one spoken of last), or nothing after asking with `en`/`zh` as
/// the command for each candidate ({} = name).
std::string row_of(Turn& turn, const SlotText& slot, const char* en, const char* zh) {
  if (slot.folded.empty() && turn.rubric->find(turn.last_row) != nullptr) return turn.last_row;
  const auto resolution = turn.resolver().one(slot.folded);
  if (resolution.found()) return turn.last_row = resolution.id;
  std::map<std::string, std::string> commands;
  for (const auto& id : resolution.candidates) {
    commands[id] = command_about(turn, *turn.rubric->find(id), en, zh);
  }
  turn.ask_which(resolution, slot.typed, commands);
  return {};
}

std::string escaped(std::string text) {
  std::erase_if(text, [](char c) { return c == '{' || c == '}'; });
  return text;
}

/// Index of the level that "3", "優異" or "exemplary" names.
std::optional<std::size_t> level_of(const Turn& turn, const SlotText& slot) {
  const auto& levels = turn.rubric->levels;
  if (const auto number = domain::parse_amount(slot.folded)) {
    const auto index = number->in_hundredths() / 100;
    if (index < 1 || index > static_cast<std::int64_t>(levels.size())) return std::nullopt;
    return static_cast<std::size_t>(index - 1);
  }
  return level_named(*turn.rubric, turn.rules, slot.folded);
}

void rename_level(Turn& turn, std::size_t index, const std::string& name) {
  std::vector<domain::LocalText> names;
  for (const auto& level : turn.rubric->levels) names.push_back(level.name);
  const auto before = quoted(names[index].in(turn.locale), turn.locale);
  names[index] = {};
  (turn.locale == Locale::en ? names[index].en : names[index].zh_tw) = name;
  if (!turn.apply(domain::rename_levels(*turn.rubric, names))) return;
  const auto after = quoted(name, turn.locale);
  turn.done(fmt::format("The level {} is called {} now.", before, after),
            fmt::format("等級{}改名為{}。", before, after));
}

}  // namespace

void add_criterion(Turn& turn, const Command& command) {
  auto slot = command.slot("criterion");
  const bool is_list = slot.folded.find('%') != slot.folded.rfind('%');
  auto weight = is_list ? std::nullopt : take_weight(turn, slot);
  const auto names = names_of(turn, slot);
  if (names.empty()) {
    turn.ask("What should the new criterion be called?", "新的規準要叫什麼名稱？");
    for (const auto& criterion : turn.library.optional_criteria()) {
      if (turn.resolver().exact(criterion.id).found()) continue;
      turn.choice(criterion.name.in(turn.locale),
                  turn.say(fmt::format("Add \"{}\"", criterion.name.en),
                           fmt::format("新增「{}」", criterion.name.zh_tw)));
    }
    return;
  }
  for (auto name : names) {
    const auto own = take_weight(turn, name);
    add_one(turn, name, own ? own : weight);
  }
}

void remove_criterion(Turn& turn, const Command& command) {
  const auto& slot = command.slot("criterion");
  auto ids = slot.folded.empty() ? std::vector<std::string>() : turn.resolver().all(slot.folded);
  if (ids.size() > 1 && ids.size() == turn.rubric->criteria.size()) {
    turn.decline(
        "That would remove every criterion; a rubric needs at least one. Ask for a new "
        "rubric instead.",
        "這樣會刪掉所有規準，評分表至少要有一項。想重來的話，可以請我重新設計一份。");
    return;
  }
  if (ids.empty()) {
    const auto id = row_of(turn, slot, "Remove \"{}\"", "刪除「{}」");
    if (id.empty()) return;
    ids.push_back(id);
  }
  for (const auto& id : ids) {
    const auto* row = turn.rubric->find(id);
    if (row == nullptr) continue;
    const auto name = turn.name(*row);
    const auto weight = to_string(row->weight);
    if (!turn.apply(domain::remove_criterion(*turn.rubric, id))) return;
    turn.done(
        fmt::format("Removed {}; its {} % went to the others in proportion. Say “undo” to get "
                    "it back.",
                    name, weight),
        fmt::format("已刪除{}，它的 {}% 依比例分給其他各項。說「復原」可以取回。", name, weight));
  }
}

void rename_criterion(Turn& turn, const Command& command) {
  const auto& name = command.slot("name").typed;
  if (name.empty()) {
    turn.ask("What should it be called? For example: rename thesis to \"Main claim\"",
             "要改成什麼名稱？例如：把論點改名為「主張」");
    return;
  }
  const auto& old = command.slot("criterion").folded;
  const auto level = level_named(*turn.rubric, turn.rules, old);
  if (level && !turn.resolver().exact(old).found()) {
    rename_level(turn, *level, name);
    return;
  }
  const auto en = "Rename \"{}\" to \"" + escaped(name) + "\"";
  const auto zh = "把「{}」改名為「" + escaped(name) + "」";
  const auto id = row_of(turn, command.slot("criterion"), en.c_str(), zh.c_str());
  if (id.empty()) return;
  const auto before = turn.name(id);
  domain::LocalText text;
  (turn.locale == Locale::en ? text.en : text.zh_tw) = name;
  if (!turn.apply(domain::rename_criterion(*turn.rubric, id, text))) return;
  turn.done(fmt::format("{} is called {} now; its descriptions stayed.", before, turn.name(id)),
            fmt::format("{}改名為{}，描述不變。", before, turn.name(id)));
}

void swap_criteria(Turn& turn, const Command& command) {
  const auto en = "Move \"{}\" to the top";
  const auto zh = "把「{}」移到最前面";
  const auto one = row_of(turn, command.slot("criterion"), en, zh);
  if (one.empty()) return;
  const auto other = row_of(turn, command.slot("other"), en, zh);
  if (other.empty()) return;
  const auto& rows = turn.rubric->criteria;
  const auto position = [&rows](std::string_view id) {
    return static_cast<std::size_t>(std::ranges::find(rows, id, &domain::Criterion::id) -
                                    rows.begin());
  };
  const auto first = std::min(position(one), position(other));
  const auto second = std::max(position(one), position(other));
  const std::string upper = rows[first].id;
  const std::string lower = rows[second].id;
  if (!turn.apply(domain::move_criterion(*turn.rubric, lower, first))) return;
  if (!turn.apply(domain::move_criterion(*turn.rubric, upper, second))) return;
  turn.done(fmt::format("{} and {} changed places.", turn.name(one), turn.name(other)),
            fmt::format("{}和{}已經對調。", turn.name(one), turn.name(other)));
}

void move_criterion(Turn& turn, const Command& command) {
  if (command.op == "swap") return swap_criteria(turn, command);
  const auto& place = command.slot("place").folded;
  const auto shown = escaped(command.slot("place").typed);
  const auto en = "Move \"{}\" to " + shown;
  const auto zh = "把「{}」移到" + shown;
  const auto id = row_of(turn, command.slot("criterion"), en.c_str(), zh.c_str());
  if (id.empty()) return;
  const auto& rows = turn.rubric->criteria;
  const auto position = [&](std::string_view wanted) {
    return static_cast<std::size_t>(std::ranges::find(rows, wanted, &domain::Criterion::id) -
                                    rows.begin());
  };
  const auto from = position(id);
  const auto has = [&](std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words, [&](auto word) { return place.find(word) != place.npos; });
  };
  std::size_t to = from;
  if (!command.slot("other").folded.empty()) {
    const auto other = row_of(turn, command.slot("other"), en.c_str(), zh.c_str());
    if (other.empty()) return;
    const auto anchor = position(other);
    const bool after = has({"after", "below", "behind", "後", "下"});
    to = anchor + (after ? 1 : 0) - (from < anchor ? 1 : 0);
  } else if (const auto number = turn.rules.ordinal(place); number && *number > 0) {
    to = static_cast<std::size_t>(*number - 1);
  } else if (const auto digits = domain::parse_amount(place); digits && *digits > Amount()) {
    to = static_cast<std::size_t>(digits->in_hundredths() / 100 - 1);
  } else if (has({"top", "first", "beginning", "start", "最前", "最上", "首", "開頭"}) ||
             place == "front") {
    to = 0;
  } else if (has({"bottom", "last", "end", "最後", "最下", "最底", "末", "結尾"}) ||
             place == "back") {
    to = rows.size() - 1;
  } else if (has({"up", "上", "前"})) {
    to = from == 0 ? 0 : from - 1;
  } else {
    to = from + 1;
  }
  to = std::min(to, rows.size() - 1);
  if (to == from) {
    turn.line(fmt::format("{} is there already.", turn.name(id)),
              fmt::format("{}已經在那個位置了。", turn.name(id)));
    return;
  }
  if (!turn.apply(domain::move_criterion(*turn.rubric, id, to))) return;
  turn.done(fmt::format("{} is criterion {} now.", turn.name(id), to + 1),
            fmt::format("{}移到第 {} 項。", turn.name(id), to + 1));
}

void set_descriptor(Turn& turn, const Command& command) {
  const auto& text = command.slot("text").typed;
  const auto& level_slot = command.slot("level");
  if (!level_of(turn, level_slot) &&
      !turn.resolver().one(command.slot("criterion").folded).found()) {
    turn.ask("Which cell do you mean? Please say it like this: change level 2 of thesis to: …",
             "您要改哪一格？請這樣說：把論點第 2 級改成：……");
    return;
  }
  const auto level_typed = escaped(level_slot.typed);
  const auto en = "Change level " + level_typed + " of \"{}\" to: " + escaped(text);
  const auto zh = "把「{}」第 " + level_typed + " 級改成：" + escaped(text);
  const auto id = row_of(turn, command.slot("criterion"), en.c_str(), zh.c_str());
  if (id.empty()) return;
  const auto level = level_of(turn, level_slot);
  const auto& levels = turn.rubric->levels;
  if (!level) {
    turn.ask(fmt::format("Which level of {} do you mean?", turn.name(id)),
             fmt::format("您要改{}的哪一級？", turn.name(id)));
    for (const auto& known : levels) {
      const auto& name = known.name.in(turn.locale);
      const auto& row = turn.rubric->find(id)->name.in(turn.locale);
      turn.choice(name,
                  turn.say(fmt::format("Change the {} level of \"{}\" to: {}", name, row, text),
                           fmt::format("把「{}」的「{}」描述改成：{}", row, name, text)));
    }
    return;
  }
  domain::LocalText words;
  (turn.locale == Locale::en ? words.en : words.zh_tw) = text;
  if (!turn.apply(domain::set_descriptor(*turn.rubric, id, *level, words))) return;
  const auto& name = levels[*level].name.in(turn.locale);
  turn.done(fmt::format("{}, {}, reads now: {}", turn.name(id), name, text),
            fmt::format("{}的「{}」改成：{}", turn.name(id), name, text));
  if (!domain::parse_amount(level_slot.folded) || levels.size() - 1 == *level * 2) return;
  // "Level 3" may count from the left or, as on many scales, from the lowest level.
  const auto& other = levels[levels.size() - 1 - *level].name.in(turn.locale);
  const auto& row = turn.rubric->find(id)->name.in(turn.locale);
  turn.line(fmt::format("I counted level {} from the best level.", level_slot.folded),
            fmt::format("第 {} 級是從最高的等級數起。", level_slot.folded));
  turn.choice(turn.say("I meant " + other, "我指的是「" + other + "」"),
              turn.say(fmt::format("Undo; change the {} level of \"{}\" to: {}", other, row, text),
                       fmt::format("復原；把「{}」的「{}」描述改成：{}", row, other, text)));
}

}  // namespace rubricon::ai_rules
