#include <rubricon/sim/script.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>

namespace rubricon::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::array<const char*, 4> names = {"ann", "bob", "eve", "ida"};
constexpr At work_begin = 1s;
constexpr At work_end = 16s;
constexpr At fault_begin = 2s;
constexpr At fault_end = 18s;
/// More than any script has.
constexpr std::size_t parts_max = 100'000;

ChatPart draw_chat(std::uint64_t seed, std::size_t number, std::size_t people) {
  Dice dice(seed, fmt::format("room {}", number));
  ChatPart chat{
      .name = fmt::format("chat-{}", number + 1), .owner = dice.below(people), .others = {}};
  chat.answered = !dice.chance(0.25);
  for (std::size_t person = 0; person < people; ++person) {
    if (person == chat.owner || dice.chance(0.2)) continue;
    const auto role = dice.chance(0.8) ? domain::MemberRole::editor : domain::MemberRole::viewer;
    chat.others.push_back({person, role});
  }
  return chat;
}

void draw_people(Script& script) {
  Dice dice(script.seed, "people");
  const auto count = dice.between(2, static_cast<std::int64_t>(names.size()));
  for (std::int64_t n = 0; n < count; ++n) {
    script.people.emplace_back(names.at(static_cast<std::size_t>(n)));
  }
  const auto chats = dice.between(1, 3);
  for (std::int64_t n = 0; n < chats; ++n) {
    script.chats.push_back(
        draw_chat(script.seed, static_cast<std::size_t>(n), script.people.size()));
  }
  for (std::size_t person = 0; person < script.people.size(); ++person) {
    const auto of_person = dice.between(1, 2);
    for (int n = 1; n <= of_person; ++n) {
      script.devices.push_back({fmt::format("{}/{}", script.people[person], n), person});
    }
  }
}

/// Writes some messages, now and then several at once.
void draw_writing(Script& script, std::size_t device, std::size_t chat) {
  Dice dice(script.seed,
            fmt::format("writes {} {}", script.devices[device].name, script.chats[chat].name));
  const auto count = dice.between(1, 6);
  const bool in_a_hurry = dice.chance(0.3);
  auto at = dice.between(work_begin, work_end);
  for (int n = 1; n <= count; ++n) {
    script.acts.push_back(
        {.kind = ActKind::writes, .at = at, .device = device, .chat = chat, .number = n});
    at = in_a_hurry ? at : dice.between(std::min(at, work_end), work_end);
  }
}

/// Opens its browser late, or closes it for a while, or both again and again.
void draw_coming(Script& script, std::size_t device) {
  Dice dice(script.seed, "comes " + script.devices[device].name);
  auto at = dice.chance(0.3) ? dice.between(work_begin, work_end) : work_begin;
  script.acts.push_back({.kind = ActKind::opens, .at = at, .device = device});
  if (!dice.chance(0.3)) return;
  const bool flaps = dice.chance(0.5);
  do {
    at += dice.between(500ms, 5'000ms);
    const auto away = dice.between(100ms, 8'000ms);
    script.acts.push_back(
        {.kind = ActKind::closes, .at = at, .device = device, .back_after = away});
    at += away;
  } while (flaps && at < work_end);
}

/// A member is removed, and perhaps let in again.
void draw_removal(Script& script, std::size_t number) {
  const auto& chat = script.chats[number];
  Dice dice(script.seed, "members " + chat.name);
  const auto whom = dice.below(chat.others.size() + 1);  // 0: the owner, who stays
  if (whom == 0) return;
  Act act{.kind = ActKind::removes_member,
          .at = dice.between(work_begin, work_end),
          .chat = number,
          .person = chat.others[whom - 1].person};
  if (!dice.chance(0.4)) act.back_after = dice.between(10ms, 6'000ms);
  script.acts.push_back(act);
}

void draw_acts(Script& script) {
  Dice dice(script.seed, "workload");
  // What is lost with a backup would have to be done again.
  const bool restored = restores_store(script.faults);
  for (std::size_t device = 0; device < script.devices.size(); ++device) {
    draw_coming(script, device);
    for (std::size_t chat = 0; chat < script.chats.size(); ++chat) {
      if (!is_member(script.chats[chat], script.devices[device].person)) continue;
      if (dice.chance(0.6)) draw_writing(script, device, chat);
    }
    // Whoever signs out must not be somebody's only device.
    if (device > 0 && dice.chance(0.15) && !restored) {
      script.acts.push_back(
          {.kind = ActKind::signs_out, .at = dice.between(work_begin, work_end), .device = device});
    }
  }
  for (std::size_t chat = 0; chat < script.chats.size(); ++chat) {
    if (dice.chance(0.4) && !restored) draw_removal(script, chat);
  }
  std::multimap<At, Act> by_time;  // keeps the order of what is done at once
  for (const auto& act : script.acts) by_time.emplace(act.at, act);
  script.acts.clear();
  for (const auto& [at, act] : by_time) script.acts.push_back(act);
}

bool is_orphan(const Script& script, const Act& act) {
  if (act.kind == ActKind::removes_member) return !script.chats[act.chat].in;
  if (!script.devices[act.device].in) return true;
  return act.kind == ActKind::writes && !script.chats[act.chat].in;
}

std::optional<std::size_t> parse_number(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && number < parts_max ? std::optional(number) : std::nullopt;
}

}  // namespace

bool is_member(const ChatPart& chat, std::size_t person) {
  return chat.owner == person ||
         std::ranges::find(chat.others, person, &ChatPart::Member::person) != chat.others.end();
}

Script draw_script(std::uint64_t seed) {
  Script script{.seed = seed};
  script.faults = draw_plan(Dice(seed, "plan"), fault_begin, fault_end);
  draw_people(script);
  draw_acts(script);
  return script;
}

Parts all_parts(const Script& script) {
  Parts parts(script.faults.size() + script.chats.size() + script.devices.size() +
              script.acts.size());
  for (std::size_t part = 0; part < parts.size(); ++part) parts[part] = part;
  return parts;
}

Script only(Script script, const Parts& parts) {
  std::size_t part = 0;
  const auto kept = [&] { return std::ranges::binary_search(parts, part++); };
  std::vector<Fault> faults;
  for (const auto& fault : script.faults) {
    if (kept()) faults.push_back(fault);
  }
  for (auto& chat : script.chats) chat.in = kept();
  for (auto& device : script.devices) device.in = kept();
  std::vector<Act> acts;
  for (const auto& act : script.acts) {
    if (kept() && !is_orphan(script, act)) acts.push_back(act);
  }
  script.faults = std::move(faults);
  script.acts = std::move(acts);
  return script;
}

Parts without_orphans(const Script& script, const Parts& parts) {
  const auto smaller = only(script, parts);
  const auto acts_begin = script.faults.size() + script.chats.size() + script.devices.size();
  Parts kept;
  for (const auto part : parts) {
    if (part < acts_begin || !is_orphan(smaller, script.acts[part - acts_begin])) {
      kept.push_back(part);
    }
  }
  return kept;
}

std::string to_text(const Parts& parts) {
  std::string text;
  for (std::size_t first = 0; first < parts.size();) {
    auto last = first;
    while (last + 1 < parts.size() && parts[last + 1] == parts[last] + 1) ++last;
    text += fmt::format("{}{}", text.empty() ? "" : ",", parts[first]);
    if (last > first) text += fmt::format("-{}", parts[last]);
    first = last + 1;
  }
  return text;
}

std::optional<Parts> parse_parts(std::string_view text) {
  Parts parts;
  while (!text.empty()) {
    const auto item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    const auto dash = item.find('-');
    const auto first = parse_number(item.substr(0, dash));
    const auto last = dash == item.npos ? first : parse_number(item.substr(dash + 1));
    if (!first || !last || *last < *first) return std::nullopt;
    if (!parts.empty() && *first <= parts.back()) return std::nullopt;
    for (auto part = *first; part <= *last; ++part) parts.push_back(part);
  }
  return parts;
}

std::string to_text(const Script& script, const Act& act) {
  const auto seconds = [](At time) { return static_cast<double>(time.count()) / 1000; };
  auto text = fmt::format("{:>7.3f} s  ", seconds(act.at));
  const auto& device = script.devices[act.device].name;
  const auto& chat = script.chats[act.chat];
  switch (act.kind) {
    case ActKind::opens: text += device + " opens"; break;
    case ActKind::closes: text += device + " closes"; break;
    case ActKind::writes:
      text += fmt::format("{} writes message {} to {}", device, act.number, chat.name);
      break;
    case ActKind::removes_member:
      text += fmt::format("{} removes {} from {}", script.people[chat.owner],
                          script.people[act.person], chat.name);
      break;
    case ActKind::signs_out: text += device + " is signed out from elsewhere"; break;
  }
  if (act.back_after) text += fmt::format(", for {:.3f} s", seconds(*act.back_after));
  return text;
}

}  // namespace rubricon::sim
