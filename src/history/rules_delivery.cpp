/// Rules 4 and 5: what subscribers saw, against the log.
#include <rubricon/history/rules.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

namespace rubricon::history {
namespace {

/// One subscriber in one chat, step by step.
struct Walk {
  using Step = std::variant<const Applied*, const Snapshot*>;
  std::map<std::uint64_t, Step> steps;  ///< by order
};
using Walks = std::map<std::pair<std::string, std::string>, Walk>;

Walks walks_of(const History& history) {
  Walks walks;
  for (const auto& a : history.applied) walks[{a.who, a.chat}].steps.emplace(a.order, &a);
  for (const auto& s : history.snapshots) walks[{s.who, s.chat}].steps.emplace(s.order, &s);
  return walks;
}

struct Place {
  std::int64_t epoch = 0;
  std::int64_t seq = -1;  ///< -1: nothing seen yet
};

/// What is wrong with the next step, if anything.
std::string wrong(const Place& place, const Applied& next) {
  if (place.seq < 0) return next.seq == 1 ? "" : "begins in the middle";
  if (next.epoch != place.epoch) return "changes the epoch without reading the chat anew";
  if (next.seq <= place.seq) return "applies an event a second time";
  return next.seq == place.seq + 1 ? "" : "misses an event";
}

std::string wrong(const Chat& chat, const Snapshot& next) {
  if (next.head > chat.last_seq && next.epoch == chat.epoch) return "read more than is stored";
  if (next.messages.empty()) return "";
  const auto oldest = next.messages.begin()->first;
  for (const auto& event : chat.events) {
    const bool message = event.kind == Event::Kind::message || event.kind == Event::Kind::answer;
    // What is stored of an older epoch was there in every epoch since.
    if (!message || event.seq < oldest || event.seq > next.head || event.epoch > next.epoch) {
      continue;
    }
    const auto found = next.messages.find(event.seq);
    if (found == next.messages.end()) return fmt::format("did not get message {}", event.seq);
    if (found->second != event.text) return fmt::format("got another message {}", event.seq);
  }
  return "";
}

std::vector<Line> around(const Walk& walk, std::uint64_t order, const std::string& name,
                         const Chat& chat, std::int64_t first, std::int64_t last) {
  std::vector<Line> lines;
  const auto here = walk.steps.find(order);
  for (auto at = here == walk.steps.begin() ? here : std::prev(here);; ++at) {
    lines.push_back(std::visit([](const auto* step) { return line_of(*step); }, at->second));
    if (at == here) break;
  }
  for (const auto& event : chat.events) {
    if (event.seq >= first && event.seq <= last) lines.push_back(line_of(name, event));
  }
  return lines;
}

bool member_at_end(const Chat& chat, const std::string& user) {
  bool member = false;
  for (const auto& event : chat.events) {
    if (event.user != user) continue;
    if (event.kind == Event::Kind::member_added) member = true;
    if (event.kind == Event::Kind::member_removed) member = false;
  }
  return member;
}

Finding walk_along(const std::string& who, const std::string& name, const Walk& walk,
                   const Chat& chat, Place& place) {
  for (const auto& [order, step] : walk.steps) {
    if (const auto* const* snapshot = std::get_if<const Snapshot*>(&step)) {
      const auto reason = wrong(chat, **snapshot);
      if (!reason.empty()) {
        return violation(4, fmt::format("{} {} of {}", who, reason, name),
                         around(walk, order, name, chat, (*snapshot)->head, (*snapshot)->head));
      }
      place = {(*snapshot)->epoch, (*snapshot)->head};
      continue;
    }
    const auto& next = *std::get<const Applied*>(step);
    const auto reason = wrong(place, next);
    if (!reason.empty()) {
      return violation(4, fmt::format("{} {} in {}", who, reason, name),
                       around(walk, order, name, chat, std::min(place.seq, next.seq),
                              std::max(place.seq, next.seq)));
    }
    place = {next.epoch, next.seq};
  }
  return std::nullopt;
}

}  // namespace

Finding subscribers_applied_the_log(const History& history) {
  const auto walks = walks_of(history);
  for (const auto& subscriber : history.subscribers) {
    for (const auto& name : subscriber.chats) {
      const auto& chat = history.store.chats.at(name);
      const auto found = walks.find({subscriber.who, name});
      Place place;
      if (found != walks.end()) {
        auto broken = walk_along(subscriber.who, name, found->second, chat, place);
        if (broken) return broken;
      }
      if (!subscriber.here || !member_at_end(chat, subscriber.user)) continue;
      if (place.epoch == chat.epoch && place.seq == chat.last_seq) continue;
      std::vector<Line> lines;
      if (found != walks.end()) {
        lines.push_back(std::visit([](const auto* step) { return line_of(*step); },
                                   found->second.steps.rbegin()->second));
      }
      for (const auto& event : chat.events) {
        if (event.seq > place.seq) lines.push_back(line_of(name, event));
      }
      return violation(
          4,
          fmt::format("{} ends at ({}, {}) in {}, which ends at ({}, {})", subscriber.who,
                      place.epoch, place.seq, name, chat.epoch, chat.last_seq),
          std::move(lines));
    }
  }
  return std::nullopt;
}

Finding sockets_heard_without_holes(const History& history) {
  std::map<std::tuple<std::string, std::string, std::uint64_t>, const Heard*> last;
  for (const auto& heard : history.heard) {
    auto& before = last[{heard.who, heard.chat, heard.stay}];
    const auto expected = (before == nullptr ? heard.after : before->seq) + 1;
    if (heard.seq == expected && heard.epoch == heard.from_epoch) {
      before = &heard;
      continue;
    }
    std::vector<Line> lines;
    for (const auto* h : {before, &heard}) {
      if (h != nullptr) lines.push_back(line_of(*h));
    }
    for (const auto& event : history.store.chats.at(heard.chat).events) {
      if (event.seq >= std::min(expected, heard.seq) && event.seq <= std::max(expected, heard.seq))
        lines.push_back(line_of(heard.chat, event));
    }
    return violation(
        4,
        fmt::format("the socket of {} got ({}, {}) of {} where ({}, {}) was next", heard.who,
                    heard.epoch, heard.seq, heard.chat, heard.from_epoch, expected),
        std::move(lines));
  }
  return std::nullopt;
}

Finding same_content_for_all(const History& history) {
  for (const auto& applied : history.applied) {
    const auto& chat = history.store.chats.at(applied.chat);
    const auto stored = std::ranges::find_if(chat.events, [&](const Event& event) {
      return event.seq == applied.seq && event.epoch == applied.epoch;
    });
    if (stored != chat.events.end() && stored->content == applied.content) continue;
    // What an older epoch held was lost with it: see same_content_of_what_was_lost.
    if (stored == chat.events.end() && applied.epoch < chat.epoch) continue;
    std::vector<Line> lines{line_of(applied)};
    if (stored != chat.events.end()) {
      auto line = line_of(applied.chat, *stored);
      line.text += " " + stored->content;
      lines.push_back(std::move(line));
    }
    return violation(5,
                     fmt::format("{} saw something at ({}, {}) of {} that is not what is stored",
                                 applied.who, applied.epoch, applied.seq, applied.chat),
                     std::move(lines));
  }
  return std::nullopt;
}

/// What an older epoch held is stored nowhere, but those who saw it saw the same.
Finding same_content_of_what_was_lost(const History& history) {
  std::map<std::tuple<std::string, std::int64_t, std::int64_t>, const Applied*> first;
  for (const auto& applied : history.applied) {
    if (applied.epoch >= history.store.chats.at(applied.chat).epoch) continue;
    const auto*& seen = first[{applied.chat, applied.epoch, applied.seq}];
    if (seen == nullptr) seen = &applied;
    if (seen->content == applied.content) continue;
    return violation(5,
                     fmt::format("{} and {} saw different things at ({}, {}) of {}", seen->who,
                                 applied.who, applied.epoch, applied.seq, applied.chat),
                     {line_of(*seen), line_of(applied)});
  }
  return std::nullopt;
}

}  // namespace rubricon::history
