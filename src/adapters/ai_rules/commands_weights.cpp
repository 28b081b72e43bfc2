#include <rubricon/ai_rules/commands.hpp>

#include <rubricon/domain/apportion.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace rubricon::ai_rules {
namespace {

using domain::Amount;

constexpr Amount full = Amount::whole(100);

std::string command_for(const Turn& turn, const domain::Criterion& row, const std::string& value) {
  const auto& name = row.name.in(turn.locale);
  return turn.say(fmt::format("Set \"{}\" to {}", name, value),
                  fmt::format("把「{}」改成 {}", name, value));
}

/// The rows a slot names; asks with choices where that is unclear, and gives none.
std::vector<std::string> rows_of(Turn& turn, const SlotText& slot, const std::string& value) {
  const auto resolver = turn.resolver();
  if (slot.folded.empty() && turn.rubric->find(turn.last_row) != nullptr) return {turn.last_row};
  auto ids = resolver.all(slot.folded);
  if (!ids.empty()) {
    turn.last_row = ids.back();
    return ids;
  }
  const auto resolution = resolver.one(slot.folded);
  std::map<std::string, std::string> commands;
  for (const auto& id : resolution.candidates) {
    commands[id] = command_for(turn, *turn.rubric->find(id), value);
  }
  turn.ask_which(resolution, slot.typed, commands);
  return {};
}

/// "more weight on X": how much is for the teacher to say.
void ask_how_much(Turn& turn, const domain::Criterion& row, int step) {
  const auto now = row.weight;
  turn.ask(fmt::format("{} weighs {} % now. What should it be?", turn.name(row), to_string(now)),
           fmt::format("{}目前是 {}%，要改成多少？", turn.name(row), to_string(now)));
  for (int k = 1; k <= 3; ++k) {
    const auto value = now + Amount::whole(step * k);
    if (value < Amount() || value > full) continue;
    const auto text = to_string(value) + "%";
    turn.choice(text, command_for(turn, row, text));
  }
}

/// "論點 30" where a total other than 100 makes percent and points different things.
void ask_unit(Turn& turn, const domain::Criterion& row, Amount value) {
  const auto number = to_string(value);
  turn.ask(fmt::format("Is that {} percent or {} points of {}?", number, number,
                       to_string(turn.rubric->total)),
           fmt::format("是 {}%，還是 {} 分（總分 {} 分）？", number, number,
                       to_string(turn.rubric->total)));
  turn.choice(number + "%", command_for(turn, row, number + "%"));
  turn.choice(turn.say(number + " points", number + " 分"),
              command_for(turn, row, turn.say(number + " points", number + " 分")));
}

/// All rows were given weights that do not sum to 100: offers the same proportions at 100.
void ask_to_scale(Turn& turn, Amount sum) {
  std::vector<std::int64_t> shares;
  std::vector<std::string> parts;
  for (const auto& change : turn.weights) shares.push_back(change.weight.in_hundredths());
  const auto scaled = domain::apportion(full.in_hundredths(), shares, 100);
  for (std::size_t i = 0; i < scaled.size(); ++i) {
    const auto* row = turn.rubric->find(turn.weights[i].criterion_id);
    parts.push_back(turn.name(*row) + turn.say(" ", "") + to_string(Amount::hundredths(scaled[i])) +
                    "%");
  }
  turn.ask(fmt::format("Those weights add up to {} %, not 100 %. Shall I keep their proportions?",
                       to_string(sum)),
           fmt::format("這些權重加起來是 {}%，不是 100%。要依比例換算嗎？", to_string(sum)));
  const auto list = join(parts, turn.locale);
  turn.choice(turn.say("Scale to 100 %", "依比例換算"), list);
  turn.choice(turn.say("Share equally", "平均分配"),
              turn.say("Weigh all criteria equally", "權重平均分配"));
}

void collect(std::vector<domain::WeightChange>& list, const std::string& id, Amount value) {
  const auto it = std::ranges::find(list, id, &domain::WeightChange::criterion_id);
  if (it == list.end()) {
    list.push_back({id, value});
  } else {
    it->weight = value;
  }
}

/// Points of criteria as weights of the final total; false, after saying why, where they do not
/// fit.
bool points_to_weights(Turn& turn) {
  Amount sum;
  std::vector<std::string> parts;
  for (const auto& change : turn.points) {
    sum = sum + change.weight;
    parts.push_back(turn.name(change.criterion_id) + turn.say(" ", "") + to_string(change.weight) +
                    turn.say(" points", " 分"));
  }
  const auto total = turn.rubric->total;
  if (sum > total) {
    const auto names = join(parts, turn.locale);
    turn.decline(fmt::format("Together that is {} points, more than the total of {}.",
                             to_string(sum), to_string(total)),
                 fmt::format("加起來是 {} 分，超過總分 {} 分。", to_string(sum), to_string(total)));
    turn.choice(turn.say("Total " + to_string(sum), "總分改成 " + to_string(sum)),
                turn.say("Change the total to " + to_string(sum) + " points; " + names,
                         "總分改成 " + to_string(sum) + " 分；" + names));
    return false;
  }
  for (const auto& change : turn.points) {
    const auto hundredths = total.in_hundredths();
    collect(
        turn.weights, change.criterion_id,
        Amount::hundredths((change.weight.in_hundredths() * 10'000 + hundredths / 2) / hundredths));
  }
  turn.points.clear();
  return true;
}

}  // namespace

std::string weights_line(const Turn& turn) {
  std::vector<std::string> parts;
  for (const auto& row : turn.rubric->criteria) {
    parts.push_back(row.name.in(turn.locale) + " " + to_string(row.weight) + "%");
  }
  return join(parts, turn.locale);
}

void set_weight(Turn& turn, const Command& command) {
  if (command.op == "rest") {
    turn.rest_equal = true;
    return;
  }
  const auto value = domain::parse_amount(command.slot("value").folded);
  const auto shown = value ? to_string(*value) + "%" : "30%";
  const auto ids = rows_of(turn, command.slot("criterion"), shown);
  for (const auto& id : ids) {
    const auto& row = *turn.rubric->find(id);
    if (command.op == "up" || command.op == "down" || (!value && command.op != "double")) {
      ask_how_much(turn, row, command.op == "down" ? -5 : 5);
    } else if (command.op == "double") {
      collect(turn.weights, id, std::min(full, row.weight + row.weight));
    } else if (command.op == "bare" && turn.rubric->total != full) {
      ask_unit(turn, row, *value);
    } else if (*value > full) {
      turn.decline(fmt::format("A weight cannot be {} %: all of them together are 100 %.",
                               to_string(*value)),
                   fmt::format("權重不能是 {}%，全部加起來才 100%。", to_string(*value)));
    } else if (command.op == "add") {
      collect(turn.weights, id, std::min(full, row.weight + *value));
    } else if (command.op == "subtract") {
      collect(turn.weights, id, std::max(Amount(), row.weight - *value));
    } else {
      collect(turn.weights, id, *value);
    }
  }
}

void set_criterion_points(Turn& turn, const Command& command) {
  const auto value = domain::parse_amount(command.slot("value").folded);
  if (!value) return;
  const auto unit = turn.say(" points", " 分");
  for (const auto& id : rows_of(turn, command.slot("criterion"), to_string(*value) + unit)) {
    collect(turn.points, id, *value);
  }
}

void set_weights_equal(Turn& turn) {
  if (!turn.apply(domain::set_weights_equal(*turn.rubric))) return;
  turn.done(fmt::format("The weights are shared equally: {}.", weights_line(turn)),
            fmt::format("權重已平均分配：{}。", weights_line(turn)));
}

void apply_weights(Turn& turn) {
  if (!points_to_weights(turn)) return;
  std::erase_if(turn.weights, [&](const auto& change) {
    return turn.rubric->find(change.criterion_id) == nullptr;
  });
  if (turn.weights.empty()) {
    if (turn.rest_equal) set_weights_equal(turn);
    return;
  }
  Amount sum;
  for (const auto& change : turn.weights) sum = sum + change.weight;
  const bool all_named = turn.weights.size() == turn.rubric->criteria.size();
  if ((all_named && sum != full) || (sum > full && turn.weights.size() > 1)) {
    if (all_named) {
      ask_to_scale(turn, sum);
    } else {
      turn.decline(fmt::format("Those weights add up to {} %, more than 100 %.", to_string(sum)),
                   fmt::format("這些權重加起來是 {}%，超過 100%。", to_string(sum)));
    }
    return;
  }
  auto changes = turn.weights;
  for (const auto& change : turn.added) {
    const bool fits = sum + change.weight < full;
    const auto known =
        std::ranges::find(changes, change.criterion_id, &domain::WeightChange::criterion_id);
    if (!fits || known != changes.end() || changes.size() + 1 >= turn.rubric->criteria.size()) {
      continue;
    }
    changes.push_back(change);
    sum = sum + change.weight;
  }
  auto table = *turn.rubric;
  if (turn.rest_equal) table = domain::set_weights_equal(table).value_or(table);
  if (!turn.apply(domain::set_weights(table, changes))) return;
  std::vector<std::string> parts;
  for (const auto& change : turn.weights) {
    parts.push_back(turn.name(change.criterion_id) + turn.say(" ", "") + to_string(change.weight) +
                    "%");
  }
  const auto list = join(parts, turn.locale);
  if (all_named) {
    turn.done(fmt::format("Weights: {}.", list), fmt::format("權重改成{}。", list));
  } else if (turn.rest_equal) {
    turn.done(fmt::format("{}. The others share the rest equally: {}.", list, weights_line(turn)),
              fmt::format("{}，其他各項平均分配。現在是：{}。", list, weights_line(turn)));
  } else {
    turn.done(fmt::format("{}. The others keep their proportions: {}.", list, weights_line(turn)),
              fmt::format("{}，其他各項依原比例調整。現在是：{}。", list, weights_line(turn)));
  }
}

}  // namespace rubricon::ai_rules
