#include <rubricon/history/rules.hpp>

#include <fmt/format.h>

#include <map>

namespace rubricon::history {
namespace {

const char* name_of(Write::Outcome outcome) {
  switch (outcome) {
    case Write::Outcome::ok: return "ok";
    case Write::Outcome::refused: return "refused";
    case Write::Outcome::unknown: break;
  }
  return "unknown";
}

const char* name_of(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::message: return "message";
    case Event::Kind::answer: return "answer";
    case Event::Kind::answer_failed: return "answer-failed";
    case Event::Kind::member_added: return "member-added";
    case Event::Kind::member_removed: return "member-removed";
    case Event::Kind::other: break;
  }
  return "event";
}

}  // namespace

Line line_of(const Write& write, bool end) {
  if (!end)
    return {write.invoked, fmt::format("{} posts {} to {}", write.who, write.key, write.chat)};
  auto text = fmt::format("{} hears of {}: {} after {} attempts", write.who, write.key,
                          name_of(write.outcome), write.attempts);
  if (write.outcome == Write::Outcome::ok) text += fmt::format(", seq {}", write.seq);
  return {write.ended, std::move(text)};
}

Line line_of(const Applied& applied) {
  return {applied.at, fmt::format("{} applies {} ({}, {}) {}", applied.who, applied.chat,
                                  applied.epoch, applied.seq, applied.content)};
}

Line line_of(const Snapshot& snapshot) {
  return {snapshot.at, fmt::format("{} reads {} anew, up to ({}, {})", snapshot.who, snapshot.chat,
                                   snapshot.epoch, snapshot.head)};
}

Line line_of(const Heard& heard) {
  return {heard.at,
          fmt::format("the socket of {} gets {} ({}, {}), joined after ({}, {})", heard.who,
                      heard.chat, heard.epoch, heard.seq, heard.from_epoch, heard.after)};
}

Line line_of(const std::string& chat, const Event& event) {
  auto text =
      fmt::format("stored: {} ({}, {}) {}", chat, event.epoch, event.seq, name_of(event.kind));
  if (!event.user.empty()) text += " " + event.user;
  if (!event.key.empty()) text += " " + event.key;
  if (event.reply_to != 0) text += fmt::format(" to {}", event.reply_to);
  return {event.at, std::move(text)};
}

std::vector<Line> by_time(std::vector<Line> lines) {
  std::multimap<At, Line> sorted;  // keeps the order of what happened at once
  for (auto& line : lines) sorted.emplace(line.at, std::move(line));
  lines.clear();
  for (auto& [at, line] : sorted) lines.push_back(std::move(line));
  return lines;
}

Violation violation(int rule, std::string what, std::vector<Line> lines) {
  return {rule, std::move(what), by_time(std::move(lines))};
}

std::string to_text(const Line& line) {
  return fmt::format("  {:>9.3f} s  {}\n", static_cast<double>(line.at.count()) / 1000.0,
                     line.text);
}

std::string to_text(const Violation& violation) {
  auto text = fmt::format("rule {} broken: {}\n", violation.rule, violation.what);
  for (const auto& line : violation.lines) text += to_text(line);
  return text;
}

}  // namespace rubricon::history
