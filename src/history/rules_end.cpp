/// Rules 8, 9 and 10: what must be so at the end.
#include <rubricon/history/rules.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace rubricon::history {
namespace {

/// When each subscriber first stood at or beyond where the chats were when the last fault ended.
struct Level {
  const Subscriber* subscriber;
  std::string chat;
  At at;
};

std::vector<Level> levels(const History& history) {
  std::vector<Level> found;
  const auto note = [&](Level& level, const std::string& who, const std::string& chat, Head head,
                        At at) {
    if (who != level.subscriber->who || chat != level.chat) return;
    if (head >= history.heads_when_healed.at(chat)) level.at = std::min(level.at, at);
  };
  for (const auto& subscriber : history.subscribers) {
    if (!subscriber.here) continue;
    for (const auto& chat : subscriber.chats) {
      if (!history.heads_when_healed.contains(chat)) continue;
      Level level{&subscriber, chat, At::max()};
      for (const auto& a : history.applied) note(level, a.who, a.chat, {a.epoch, a.seq}, a.at);
      for (const auto& s : history.snapshots) note(level, s.who, s.chat, {s.epoch, s.head}, s.at);
      found.push_back(std::move(level));
    }
  }
  return found;
}

bool left(const Chat& chat, const std::string& user) {
  bool out = false;
  for (const auto& event : chat.events) {
    if (event.user != user) continue;
    if (event.kind == Event::Kind::member_removed) out = true;
    if (event.kind == Event::Kind::member_added) out = false;
  }
  return out;
}

const Event* find(const Chat& chat, std::int64_t seq) {
  const auto found = std::ranges::find(chat.events, seq, &Event::seq);
  return found == chat.events.end() ? nullptr : &*found;
}

}  // namespace

Finding every_question_is_asked(const History& history) {
  std::set<std::pair<std::string_view, std::int64_t>> asked;
  for (const auto& job : history.store.jobs) asked.emplace(job.chat, job.prompt);
  for (const auto& [name, chat] : history.store.chats) {
    for (const auto& event : chat.events) {
      if (!event.asks || asked.contains({name, event.seq})) continue;
      return violation(8,
                       fmt::format("the prompt at {} of {} was given to nobody", event.seq, name),
                       {line_of(name, event)});
    }
  }
  return std::nullopt;
}

Finding one_answer_each(const History& history) {
  for (const auto& job : history.store.jobs) {
    const auto& chat = history.store.chats.at(job.chat);
    std::vector<Line> lines;
    if (const auto* prompt = find(chat, job.prompt)) lines.push_back(line_of(job.chat, *prompt));
    std::size_t ends = 0;
    for (const auto& event : chat.events) {
      const bool end =
          event.kind == Event::Kind::answer || event.kind == Event::Kind::answer_failed;
      if (!end || event.reply_to != job.prompt) continue;
      ++ends;
      lines.push_back(line_of(job.chat, event));
    }
    const auto variants = std::ranges::count_if(history.store.jobs, [&](const Job& other) {
      return other.chat == job.chat && other.prompt == job.prompt &&
             other.state != Job::State::cancelled;
    });
    const auto expected = static_cast<std::size_t>(variants);
    if (job.state == Job::State::open || ends != expected) {
      return violation(
          8,
          fmt::format("the prompt at {} of {} has {} answers and failures{}", job.prompt, job.chat,
                      ends, job.state == Job::State::open ? ", and its job is open" : ""),
          std::move(lines));
    }
  }
  return std::nullopt;
}

Finding no_mixed_answers(const History& history) {
  for (const auto& [name, chat] : history.store.chats) {
    for (const auto& event : chat.events) {
      if (event.kind != Event::Kind::answer || event.marks.size() <= 1) continue;
      return violation(8,
                       fmt::format("the answer at {} of {} is mixed from {} attempts", event.seq,
                                   name, event.marks.size()),
                       {line_of(name, event)});
    }
  }
  for (const auto& partial : history.partials) {
    if (partial.marks.size() <= 1) continue;
    return violation(
        8,
        fmt::format("{} saw attempt {} of job {} mixed from {} calls", partial.who, partial.attempt,
                    partial.job, partial.marks.size()),
        {{partial.at, fmt::format("{} puts a piece to job {}", partial.who, partial.job)}});
  }
  return std::nullopt;
}

Finding queues_are_empty(const History& history) {
  const auto& store = history.store;
  if (store.outbox_rows > 0) {
    return violation(9, fmt::format("{} rows are left in the outbox", store.outbox_rows), {});
  }
  if (store.dead_jobs != store.dead_jobs_expected) {
    return violation(9,
                     fmt::format("{} questions are listed as given up, {} were", store.dead_jobs,
                                 store.dead_jobs_expected),
                     {});
  }
  return std::nullopt;
}

Finding level_again_soon(const History& history) {
  for (const auto& level : levels(history)) {
    if (left(history.store.chats.at(level.chat), level.subscriber->user)) continue;
    if (level.at <= history.healed + history.recovery_max) continue;
    const auto head = history.heads_when_healed.at(level.chat);
    std::vector<Line> lines{
        {history.healed, fmt::format("the last fault ends; {} stands at ({}, {})", level.chat,
                                     head.epoch, head.seq)}};
    if (level.at != At::max()) {
      lines.push_back({level.at, fmt::format("{} is level", level.subscriber->who)});
    }
    return violation(
        10,
        fmt::format("{} was not level in {} within {} s of the last fault", level.subscriber->who,
                    level.chat, history.recovery_max.count() / 1000),
        std::move(lines));
  }
  return std::nullopt;
}

std::vector<At> recovery_times(const History& history) {
  std::vector<At> times;
  for (const auto& level : levels(history)) {
    if (left(history.store.chats.at(level.chat), level.subscriber->user)) continue;
    times.push_back(level.at == At::max() ? At::max() : std::max(level.at - history.healed, At(0)));
  }
  std::ranges::sort(times);
  return times;
}

}  // namespace rubricon::history
