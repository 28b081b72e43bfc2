/// For tests of the database's manners: two clients, each behind a road on which the test stops or
/// loses calls, and calls that are begun now and looked at later.
#pragma once

#include <rubricon/base/fault.hpp>
#include <rubricon/memory/database.hpp>
#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/memory/seeded_random.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <list>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace rubricon::memory {

class Road final : public Pauses {
 public:
  base::Task<void> pause(Step step) override {
    const Place place(step.call, step.moment);
    if (lost_.contains(place)) throw base::Unavailable("lost by the test");
    const auto executor = co_await boost::asio::this_coro::executor;
    while (held_.contains(place)) {
      const auto waiting =
          waiting_.emplace(waiting_.end(), executor, boost::asio::steady_timer::time_point::max());
      boost::system::error_code ignored;
      co_await waiting->async_wait(
          boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
      waiting_.erase(waiting);
    }
  }

  /// From now on calls stop there, until the road is free.
  void hold(std::string call, Moment moment) { held_.emplace(std::move(call), moment); }
  /// From now on calls lose their connection there.
  void lose(std::string call, Moment moment) { lost_.emplace(std::move(call), moment); }
  void free() {
    held_.clear();
    lost_.clear();
    for (auto& waiting : waiting_) waiting.cancel();
  }

 private:
  using Place = std::pair<std::string, Moment>;

  std::set<Place> held_;
  std::set<Place> lost_;
  std::list<boost::asio::steady_timer> waiting_;
};

class DatabaseTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto email = domain::Email::parse("owner@school.tw").value();
    owner = now(one.users().create({.email = email,
                                    .name = domain::DisplayName::parse("owner").value(),
                                    .password_hash = "$"},
                                   ports::Admission::anybody, soon()))
                .value();
    chat = make_chat();
    other = make_chat();
    for (const auto& row : claim(one)) now(one.outbox().erase({row.id}, soon()));
  }

  /// Begins the call, and lets everything run as far as it can.
  template <typename T>
  std::future<T> begin(base::Task<T> call) {
    auto result = boost::asio::co_spawn(io, std::move(call), boost::asio::use_future);
    settle();
    return result;
  }
  void settle() {
    io.restart();
    io.poll();
  }
  template <typename T>
  static bool done(const std::future<T>& call) {
    return call.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }
  /// What a call gave that must be over.
  template <typename T>
  static T result(std::future<T>& call) {
    if (!done(call)) throw std::logic_error("the call is not over");
    return call.get();
  }
  template <typename T>
  T now(base::Task<T> call) {
    auto running = begin(std::move(call));
    return result(running);
  }
  void now(base::Task<void> call) {
    auto running = begin(std::move(call));
    result(running);
  }

  base::Deadline soon() { return base::Deadline::after(clock.monotonic(), std::chrono::hours(1)); }
  domain::Chat make_chat() {
    return now(one.chats().create({.owner = owner.id, .title = {}}, soon())).value();
  }
  base::Task<base::Result<ports::PostedMessage>> post(DatabaseClient& client,
                                                      const domain::Chat& where,
                                                      std::string_view text,
                                                      std::string_view key = "") {
    ports::PostMessage message{.user = owner.id,
                               .chat = where.id,
                               .content = domain::MessageText::parse(text).value(),
                               .key = {},
                               .trace = {}};
    if (!key.empty()) message.key = domain::IdempotencyKey::parse(key).value();
    return client.messages().post(std::move(message), soon());
  }
  std::vector<ports::OutboxRow> claim(DatabaseClient& client) {
    return now(client.outbox().claim(100, lease, soon()));
  }
  domain::Seq head(const domain::Chat& of) const {
    return database.tables().chats.at(of.id).chat.last_seq;
  }
  std::vector<std::string> contents() const {
    std::vector<std::string> texts;
    for (const auto& [key, message] : database.tables().messages) texts.push_back(message.content);
    return texts;
  }

  static constexpr base::Milliseconds lease = std::chrono::seconds(30);

  // Outlives the database, as everywhere: what is still waiting is destroyed with it.
  boost::asio::io_context io;
  ManualClock clock;
  SeededRandom random;
  Database database{clock, random};
  Road road_one;
  Road road_two;
  DatabaseClient one{database, {.pauses = &road_one}};
  DatabaseClient two{database, {.pauses = &road_two}};
  domain::User owner;
  domain::Chat chat;
  domain::Chat other;
};

}  // namespace rubricon::memory
