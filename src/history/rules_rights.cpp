/// Rule 7: nobody sees what they may not.
#include <rubricon/history/rules.hpp>

#include <fmt/format.h>

namespace rubricon::history {
namespace {

/// The removal that stood between `user` and event `seq`, which was seen at `at`: the newest one
/// that is older than the event, unless they were let in again before they saw it.
const Event* removal_between(const Chat& chat, const std::string& user, std::int64_t seq, At at) {
  const Event* removal = nullptr;
  for (const auto& event : chat.events) {
    if (event.user != user) continue;
    if (event.kind == Event::Kind::member_removed && event.seq < seq) removal = &event;
    if (event.kind == Event::Kind::member_added && event.at <= at) removal = nullptr;
  }
  return removal;
}

/// Something seen of a chat, however it came to whom.
struct Sight {
  const std::string& who;
  const std::string& chat;
  std::int64_t seq;  ///< of the newest event in it
  At at;
};

/// Why nothing should have been seen, in words that end a sentence, and what shows it.
struct Objection {
  std::string why;
  Line cause;
};

/// The first sight that `objection` has something against.
template <typename Object>
Finding first_wrong_sight(const History& history, Object objection) {
  for (const auto& a : history.applied) {
    const auto wrong = objection(Sight{a.who, a.chat, a.seq, a.at});
    if (!wrong) continue;
    return violation(7, fmt::format("{} saw an event of {} {}", a.who, a.chat, wrong->why),
                     {wrong->cause, line_of(a)});
  }
  for (const auto& s : history.snapshots) {
    const auto wrong = objection(Sight{s.who, s.chat, s.head, s.at});
    if (!wrong) continue;
    return violation(7, fmt::format("{} read {} {}", s.who, s.chat, wrong->why),
                     {wrong->cause, line_of(s)});
  }
  for (const auto& h : history.heard) {
    const auto wrong = objection(Sight{h.who, h.chat, h.seq, h.at});
    if (!wrong) continue;
    return violation(
        7, fmt::format("the socket of {} heard an event of {} {}", h.who, h.chat, wrong->why),
        {wrong->cause, line_of(h)});
  }
  return std::nullopt;
}

}  // namespace

Finding nothing_after_removal(const History& history) {
  std::map<std::string, std::string> users;
  for (const auto& subscriber : history.subscribers) users[subscriber.who] = subscriber.user;
  return first_wrong_sight(history, [&](const Sight& sight) -> std::optional<Objection> {
    const auto& chat = history.store.chats.at(sight.chat);
    const auto* removal = removal_between(chat, users[sight.who], sight.seq, sight.at);
    if (removal == nullptr) return std::nullopt;
    return Objection{"after being removed", line_of(sight.chat, *removal)};
  });
}

Finding nothing_after_revocation(const History& history) {
  std::map<std::string, const Revocation*> by_session;
  for (const auto& revocation : history.revocations) by_session[revocation.session] = &revocation;
  std::map<std::string, const Revocation*> by_subscriber;
  for (const auto& subscriber : history.subscribers) {
    const auto found = by_session.find(subscriber.session);
    if (found != by_session.end()) by_subscriber[subscriber.who] = found->second;
  }
  return first_wrong_sight(history, [&](const Sight& sight) -> std::optional<Objection> {
    const auto found = by_subscriber.find(sight.who);
    if (found == by_subscriber.end()) return std::nullopt;
    const auto& revocation = *found->second;
    if (sight.at <= revocation.at + revocation.allowance) return std::nullopt;
    return Objection{fmt::format("{} ms after its session was revoked, {} ms allowed",
                                 (sight.at - revocation.at).count(), revocation.allowance.count()),
                     {revocation.at, fmt::format("session {} is revoked", revocation.session)}};
  });
}

}  // namespace rubricon::history
