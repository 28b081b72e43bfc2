#include <rubricon/ai_rules/turn.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace rubricon::ai_rules {
namespace {

struct Refusal {
  const char* reason;
  const char* en;
  const char* zh;
};

constexpr Refusal refusals[] = {
    {"over_100",
     "That does not fit: together with locked criteria the weights would be more than 100 %.",
     "這樣排不進去：連同已鎖定的項目，權重會超過 100%。"},
    {"under_100", "That does not fit: no free criterion is left to take the rest of the 100 %.",
     "這樣湊不滿 100%：沒有其他可調整的項目來分擔剩下的權重。"},
    {"locked", "That criterion is locked. Unlock it in the table first, then tell me again.",
     "這一項已經鎖定。請先在表格裡解除鎖定，再告訴我。"},
    {"duplicate", "The same criterion was named twice with different numbers. Which one counts?",
     "同一項規準出現了兩個不同的數字，請再說一次要用哪一個。"},
    {"last_criterion", "That is the only criterion; a rubric needs at least one.",
     "這是唯一的一項，評分表至少要有一項規準。"},
    {"too_many", "A rubric can have at most 50 criteria.", "一份評分表最多 50 項規準。"},
    {"too_long", "That text is too long (names up to 200 characters, descriptions up to 2,000).",
     "文字太長了（名稱最多 200 字，描述最多 2,000 字）。"},
    {"empty", "I need a text for that.", "這裡需要一段文字。"},
    {"out_of_range", "That number is outside what a rubric can have (total above 0, up to 10,000).",
     "這個數字超出範圍（總分要大於 0，最多 10,000）。"},
};

}  // namespace

const SlotText& Command::slot(std::string_view name) const {
  static const SlotText empty;
  const auto it = slots.find(name);
  return it == slots.end() ? empty : it->second;
}

void Turn::line(std::string en, std::string zh) {
  auto text = say(std::move(en), std::move(zh));
  if (std::ranges::find(lines, text) == lines.end()) lines.push_back(std::move(text));
}

void Turn::done(std::string en, std::string zh) {
  edited = true;
  line(std::move(en), std::move(zh));
}

void Turn::ask(std::string en, std::string zh) {
  asked = true;
  line(std::move(en), std::move(zh));
}

void Turn::decline(std::string en, std::string zh) {
  declined = true;
  line(std::move(en), std::move(zh));
}

void Turn::answer(std::string en, std::string zh) {
  answered = true;
  line(std::move(en), std::move(zh));
}

void Turn::choice(std::string label, std::string text) {
  if (choices.size() >= choices_max || label.empty() || text.empty()) return;
  const bool known = std::ranges::any_of(choices, [&](const auto& c) { return c.text == text; });
  if (!known) choices.push_back({std::move(label), std::move(text)});
}

std::string Turn::name(std::string_view id) const {
  const auto* row = rubric ? rubric->find(id) : nullptr;
  return row == nullptr ? std::string(id) : name(*row);
}

bool Turn::apply(base::Result<domain::Rubric> result) {
  if (result) {
    rubric = std::move(*result);
    return true;
  }
  for (const auto& refusal : refusals) {
    if (result.error().reason == refusal.reason) {
      decline(refusal.en, refusal.zh);
      return false;
    }
  }
  decline("I could not do that: " + result.error().detail + ".", "這個修改沒有成功。");
  return false;
}

void Turn::ask_which(const Resolution& resolution, std::string_view typed,
                     const std::map<std::string, std::string>& command_by_id) {
  const auto shown = quoted(typed, locale);
  if (typed.empty()) {
    ask("Which criterion do you mean?", "您說的是哪一項規準？");
  } else if (resolution.is_ambiguous) {
    ask(fmt::format("{} could be more than one criterion. Which one do you mean?", shown),
        fmt::format("{}可能是指不只一項。您要的是哪一項？", shown));
  } else {
    ask(fmt::format("I find no criterion {} in the table. Which one do you mean?", shown),
        fmt::format("表裡找不到{}。您要的是哪一項？", shown));
  }
  for (const auto& id : resolution.candidates) {
    const auto command = command_by_id.find(id);
    const auto* row = rubric->find(id);
    if (row != nullptr && command != command_by_id.end()) {
      choice(row->name.in(locale), command->second);
    }
  }
}

}  // namespace rubricon::ai_rules
