/// A run without a fault, small enough to read: the tests break it in one place.
#pragma once

#include <rubricon/history/check.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rubricon::history {

class GoodHistory : public testing::Test {
 protected:
  using Kind = Event::Kind;

  /// Ann makes the chat and lets Bob in, asks twice and is answered; both follow.
  GoodHistory() {
    history.subscribers = {{"ann/1", "ann", "s-ann", true, {"chat-1"}},
                           {"bob/1", "bob", "s-bob", true, {"chat-1"}}};
    history.store.chats["chat-1"] = {.epoch = 1};
    store(Kind::member_added, "ann", 0);
    store(Kind::member_added, "bob", 0);
    store(Kind::message, "ann", 100, "k1");
    store(Kind::answer, "", 200, "", 3);
    store(Kind::message, "ann", 300, "k2");
    store(Kind::answer, "", 400, "", 5);
    for (const std::size_t question : {2, 4}) chat().events[question].asks = true;
    history.store.jobs = {{"chat-1", 3, 0, Job::State::done}, {"chat-1", 5, 0, Job::State::done}};
    history.writes = {{"ann/1", "chat-1", "k1", At(90), At(110), Write::Outcome::ok, 1, 3},
                      {"ann/1", "chat-1", "k2", At(290), At(310), Write::Outcome::ok, 1, 5}};
    for (const auto* who : {"ann/1", "bob/1"}) {
      for (std::int64_t seq = 1; seq <= 6; ++seq) apply(who, seq, At(500));
    }
    for (std::int64_t seq = 3; seq <= 6; ++seq) {
      history.heard.push_back({"ann/1", "chat-1", 1, 1, 2, 1, seq, At(500)});
    }
    history.healed = At(450);
    history.heads_when_healed["chat-1"] = {1, 6};
  }

  Chat& chat() { return history.store.chats.at("chat-1"); }

  void store(Kind kind, const std::string& user, int at, const std::string& key = "",
             std::int64_t reply_to = 0) {
    const auto seq = ++chat().last_seq;
    const auto text = "text " + std::to_string(seq);
    chat().events.push_back({.epoch = 1,
                             .seq = seq,
                             .kind = kind,
                             .content = "#" + std::to_string(seq),
                             .at = At(at),
                             .user = user,
                             .key = key,
                             .text = text,
                             .reply_to = reply_to});
  }
  void apply(const std::string& who, std::int64_t seq, At at) {
    history.applied.push_back({who, "chat-1", 1, seq, "#" + std::to_string(seq), at, ++order});
  }
  /// The rules that are broken, in order.
  std::vector<int> broken() const {
    std::vector<int> rules;
    for (const auto& violation : check(history)) rules.push_back(violation.rule);
    return rules;
  }
  std::string first() const {
    const auto all = check(history);
    return all.empty() ? "" : to_text(all.front());
  }

  using Rules = std::vector<int>;
  History history;
  std::uint64_t order = 0;
};

}  // namespace rubricon::history
