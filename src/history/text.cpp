/// A whole history in words.
#include <rubricon/history/rules.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace rubricon::history {
namespace {

const char* name_of(Job::State state) {
  switch (state) {
    case Job::State::open: return "open";
    case Job::State::done: return "done";
    case Job::State::failed: return "failed";
    case Job::State::cancelled: break;
  }
  return "cancelled";
}

std::vector<Line> lines_of(const History& history) {
  std::vector<Line> lines;
  for (const auto& write : history.writes) {
    lines.push_back(line_of(write, false));
    if (write.ended != At::max()) lines.push_back(line_of(write, true));
  }
  for (const auto& [name, chat] : history.store.chats) {
    for (const auto& event : chat.events) lines.push_back(line_of(name, event));
  }
  for (const auto& heard : history.heard) lines.push_back(line_of(heard));
  for (const auto& applied : history.applied) lines.push_back(line_of(applied));
  for (const auto& snapshot : history.snapshots) lines.push_back(line_of(snapshot));
  for (const auto& partial : history.partials) {
    lines.push_back(
        {partial.at, fmt::format("{} has job {}, attempt {}, from {}", partial.who, partial.job,
                                 partial.attempt, fmt::join(partial.marks, " and "))});
  }
  for (const auto& revocation : history.revocations) {
    lines.push_back({revocation.at, fmt::format("session {} is revoked", revocation.session)});
  }
  lines.push_back({history.healed, "the last fault has ended"});
  return by_time(std::move(lines));
}

}  // namespace

std::string to_text(const History& history) {
  std::string text;
  for (const auto& line : lines_of(history)) text += to_text(line);
  for (const auto& [name, chat] : history.store.chats) {
    text += fmt::format("at the end {} stands at ({}, {})\n", name, chat.epoch, chat.last_seq);
  }
  for (const auto& job : history.store.jobs) {
    text += fmt::format("at the end question {} of {} is {}\n", job.prompt, job.chat,
                        name_of(job.state));
  }
  if (history.store.outbox_rows == 0) return text;
  return text + fmt::format("at the end {} rows are in the outbox\n", history.store.outbox_rows);
}

}  // namespace rubricon::history
