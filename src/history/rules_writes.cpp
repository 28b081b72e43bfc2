/// Rules 1, 2, 3 and 6: what was asked to be stored, against what is stored.
#include <rubricon/history/rules.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace rubricon::history {
namespace {

/// The rows of a key, of the user that `who` is a device of.
class Rows {
 public:
  explicit Rows(const History& history) {
    for (const auto& subscriber : history.subscribers) users_[subscriber.who] = subscriber.user;
    for (const auto& [chat, stored] : history.store.chats) {
      for (const auto& event : stored.events) {
        if (event.kind != Event::Kind::message || event.key.empty()) continue;
        rows_[{event.user, event.key}].emplace_back(chat, &event);
      }
    }
  }

  using Found = std::vector<std::pair<std::string, const Event*>>;
  const Found& of(const Write& write) const {
    static const Found none;
    const auto user = users_.find(write.who);
    const auto found = rows_.find({user == users_.end() ? write.who : user->second, write.key});
    return found == rows_.end() ? none : found->second;
  }

 private:
  std::map<std::string, std::string> users_;
  std::map<std::pair<std::string, std::string>, Found> rows_;
};

std::vector<Line> lines_of(const Write& write, const Rows::Found& rows) {
  std::vector<Line> lines{line_of(write, false), line_of(write, true)};
  for (const auto& [chat, event] : rows) lines.push_back(line_of(chat, *event));
  return lines;
}

}  // namespace

Finding answered_is_stored(const History& history) {
  const Rows rows(history);
  for (const auto& write : history.writes) {
    const auto& found = rows.of(write);
    if (write.outcome == Write::Outcome::refused && write.attempts == 1 && !found.empty()) {
      return violation(1, fmt::format("{} was refused and is stored", write.key),
                       lines_of(write, found));
    }
    if (write.outcome != Write::Outcome::ok) continue;
    if (found.empty()) {
      return violation(1, fmt::format("{} was answered and is not stored", write.key),
                       lines_of(write, found));
    }
    const auto& [chat, event] = found.front();
    if (chat != write.chat || event->seq != write.seq) {
      return violation(1, fmt::format("{} is not stored where the answer said", write.key),
                       lines_of(write, found));
    }
  }
  return std::nullopt;
}

Finding no_key_twice(const History& history) {
  const Rows rows(history);
  for (const auto& write : history.writes) {
    const auto& found = rows.of(write);
    if (found.size() > 1) {
      return violation(2, fmt::format("{} is stored {} times", write.key, found.size()),
                       lines_of(write, found));
    }
  }
  return std::nullopt;
}

Finding no_gap_in_seqs(const History& history) {
  for (const auto& [chat, stored] : history.store.chats) {
    std::int64_t next = stored.gone_until + 1;
    const Event* before = nullptr;
    for (const auto& event : stored.events) {
      if (event.seq != next) {
        std::vector<Line> lines{line_of(chat, event)};
        if (before != nullptr) lines.push_back(line_of(chat, *before));
        return violation(3, fmt::format("{} has {} where {} should be", chat, event.seq, next),
                         std::move(lines));
      }
      before = &event;
      ++next;
    }
    if (stored.last_seq != next - 1) {
      return violation(
          3, fmt::format("{} says it ends at {} and ends at {}", chat, stored.last_seq, next - 1),
          before == nullptr ? std::vector<Line>{} : std::vector{line_of(chat, *before)});
    }
  }
  return std::nullopt;
}

Finding real_time_order(const History& history) {
  std::map<std::string, std::vector<const Write*>> by_chat;
  for (const auto& write : history.writes) {
    if (write.outcome == Write::Outcome::ok) by_chat[write.chat].push_back(&write);
  }
  for (auto& [chat, begun] : by_chat) {
    auto answered = begun;
    std::ranges::sort(begun, {}, &Write::invoked);
    std::ranges::sort(answered, {}, &Write::ended);
    const Write* newest = nullptr;  // of those answered before `write` began
    std::size_t n = 0;
    for (const auto* write : begun) {
      for (; n < answered.size() && answered[n]->ended < write->invoked; ++n) {
        if (newest == nullptr || answered[n]->seq > newest->seq) newest = answered[n];
      }
      if (newest == nullptr || newest->seq < write->seq) continue;
      return violation(6,
                       fmt::format("{} was answered before {} began, and comes after it",
                                   newest->key, write->key),
                       {line_of(*newest, false), line_of(*newest, true), line_of(*write, false),
                        line_of(*write, true)});
    }
  }
  return std::nullopt;
}

}  // namespace rubricon::history
