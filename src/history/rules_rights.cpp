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

}  // namespace

Finding nothing_after_removal(const History& history) {
  std::map<std::string, std::string> users;
  for (const auto& subscriber : history.subscribers) users[subscriber.who] = subscriber.user;
  for (const auto& applied : history.applied) {
    const auto& chat = history.store.chats.at(applied.chat);
    const auto* removal = removal_between(chat, users[applied.who], applied.seq, applied.at);
    if (removal == nullptr) continue;
    return violation(
        7, fmt::format("{} saw an event of {} after being removed", applied.who, applied.chat),
        {line_of(applied.chat, *removal), line_of(applied)});
  }
  for (const auto& snapshot : history.snapshots) {
    const auto& chat = history.store.chats.at(snapshot.chat);
    const auto* removal = removal_between(chat, users[snapshot.who], snapshot.head, snapshot.at);
    if (removal == nullptr) continue;
    return violation(7, fmt::format("{} read {} after being removed", snapshot.who, snapshot.chat),
                     {line_of(snapshot.chat, *removal), line_of(snapshot)});
  }
  return std::nullopt;
}

Finding nothing_after_revocation(const History& history) {
  std::map<std::string, const Revocation*> by_session;
  for (const auto& revocation : history.revocations) by_session[revocation.session] = &revocation;
  std::map<std::string, const Revocation*> by_subscriber;
  for (const auto& subscriber : history.subscribers) {
    const auto found = by_session.find(subscriber.session);
    if (found != by_session.end()) by_subscriber[subscriber.who] = found->second;
  }
  for (const auto& applied : history.applied) {
    const auto found = by_subscriber.find(applied.who);
    if (found == by_subscriber.end()) continue;
    const auto& revocation = *found->second;
    if (applied.at <= revocation.at + revocation.allowance) continue;
    return violation(
        7,
        fmt::format("{} saw an event {} ms after its session was revoked, {} ms allowed",
                    applied.who, (applied.at - revocation.at).count(),
                    revocation.allowance.count()),
        {{revocation.at, fmt::format("session {} is revoked", revocation.session)},
         line_of(applied)});
  }
  return std::nullopt;
}

}  // namespace rubricon::history
