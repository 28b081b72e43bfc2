/// What the suites of all store ports share. An adapter derives a StoreHarness that makes a fresh,
/// empty store, and instantiates each suite with a factory of it:
///
///   INSTANTIATE_TEST_SUITE_P(sqlite, MessageStoreContract, testing::Values(make_sqlite_harness));
#pragma once

#include <rubricon/base/fault.hpp>
#include <rubricon/ports/chat_store.hpp>
#include <rubricon/ports/contract/run_task.hpp>
#include <rubricon/ports/dead_jobs.hpp>
#include <rubricon/ports/epochs.hpp>
#include <rubricon/ports/event_store.hpp>
#include <rubricon/ports/imports.hpp>
#include <rubricon/ports/job_store.hpp>
#include <rubricon/ports/message_store.hpp>
#include <rubricon/ports/outbox.hpp>
#include <rubricon/ports/rubric_store.hpp>
#include <rubricon/ports/session_store.hpp>
#include <rubricon/ports/user_store.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rubricon::ports::contract {

/// A store under test and its clock.
class StoreHarness {
 public:
  virtual ~StoreHarness() = default;

  /// For stores that run on the shard of their callers: called before the first use of `io` and
  /// after the last.
  virtual void start(boost::asio::io_context&) {}
  virtual void stop(boost::asio::io_context&) {}

  virtual UserStore& users() = 0;
  virtual SessionStore& sessions() = 0;
  virtual ChatStore& chats() = 0;
  virtual MessageStore& messages() = 0;
  virtual EventStore& events() = 0;
  virtual Outbox& outbox() = 0;
  virtual JobStore& jobs() = 0;
  virtual DeadJobs& dead_jobs() = 0;
  virtual Epochs& epochs() = 0;
  virtual RubricStore& rubrics() = 0;
  /// Null where nobody imports into it.
  virtual Imports* imports() { return nullptr; }

  /// The store's clock stands still unless it is moved here, forwards or (wall clock only) back.
  virtual base::Time now() = 0;
  virtual void advance(base::Milliseconds by) = 0;
  virtual void set_wall_clock_back(base::Milliseconds by) = 0;
  virtual base::Instant monotonic() = 0;
};

using StoreHarnessFactory = std::unique_ptr<StoreHarness> (*)();

inline base::Task<void> keep(base::Task<void> task, bool* done) {
  co_await std::move(task);
  *done = true;
}

template <typename T>
base::Task<void> keep(base::Task<T> task, std::optional<T>* result) {
  result->emplace(co_await std::move(task));
}

/// Ends when all are ready; looks again after everything else that can run has run.
inline base::Task<void> await_all(boost::asio::any_io_executor io,
                                  std::vector<std::future<void>>* running) {
  boost::asio::steady_timer timer(io);
  for (auto& one : *running) {
    while (one.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      timer.expires_after(std::chrono::milliseconds(1));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    one.get();
  }
}

class StoreContract : public testing::TestWithParam<StoreHarnessFactory> {
 protected:
  StoreContract() { harness->start(io); }
  ~StoreContract() override { harness->stop(io); }

  /// Runs one call to its end.
  template <typename T>
  T run(base::Task<T> task) {
    std::optional<T> result;
    run_task(io, keep(std::move(task), &result));
    return std::move(result.value());
  }
  void run(base::Task<void> task) { run_task(io, std::move(task)); }

  /// Starts all calls at once, in their order, and waits for the last.
  template <typename T>
  std::vector<T> run_all(std::vector<base::Task<T>> tasks) {
    std::vector<std::optional<T>> results(tasks.size());
    std::vector<std::future<void>> running;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      running.push_back(boost::asio::co_spawn(io, keep(std::move(tasks[i]), &results[i]),
                                              boost::asio::use_future));
    }
    run_task(io, await_all(io.get_executor(), &running));
    std::vector<T> values;
    for (auto& result : results) values.push_back(std::move(result.value()));
    return values;
  }

  base::Deadline soon() {
    return base::Deadline::after(harness->monotonic(), std::chrono::hours(1));
  }
  base::Deadline passed() { return base::Deadline::at(harness->monotonic()); }

  domain::User make_user(std::string_view name) {
    const auto email = domain::Email::parse(std::string(name) + "@school.tw").value();
    return run(harness->users().create({.email = email,
                                        .name = domain::DisplayName::parse(name).value(),
                                        .password_hash = "$argon2id$x"},
                                       Admission::anybody, soon()))
        .value();
  }

  domain::Chat make_chat(const domain::User& owner, std::string_view title = "") {
    return run(harness->chats().create(
                   {.owner = owner.id, .title = domain::ChatTitle::parse(title).value()}, soon()))
        .value();
  }

  void add_member(const domain::User& owner, const domain::Chat& chat, const domain::User& member,
                  domain::MemberRole role) {
    const auto email = domain::Email::parse(member.email).value();
    ASSERT_TRUE(run(harness->chats().add_member(owner.id, chat.id, email, role, soon())));
  }

  static PostMessage message(const domain::User& user, const domain::Chat& chat,
                             std::string_view text, std::string_view key = "") {
    PostMessage post{.user = user.id,
                     .chat = chat.id,
                     .content = domain::MessageText::parse(text).value(),
                     .key = {},
                     .trace = {}};
    if (!key.empty()) post.key = domain::IdempotencyKey::parse(key).value();
    return post;
  }

  PostedMessage post(const domain::User& user, const domain::Chat& chat, std::string_view text) {
    return run(harness->messages().post(message(user, chat, text), soon())).value();
  }

  std::vector<domain::Event> stream(domain::StreamId id) {
    return run(harness->events().read({.stream = id}, soon())).events;
  }
  domain::Event last_event(domain::StreamId id) { return stream(id).back(); }

  static boost::json::value data(const domain::Event& event) {
    return boost::json::parse(event.data);
  }

  /// All rows of the outbox, claimed for long.
  std::vector<OutboxRow> claim_outbox() {
    return run(harness->outbox().claim(1'000, std::chrono::hours(1), soon()));
  }

  boost::asio::io_context io;
  std::unique_ptr<StoreHarness> harness = GetParam()();
};

/// `EXPECT_THAT(result, refused(ErrorCode::not_found))`
MATCHER_P(refused, code, std::string("is refused with ") + base::to_string(code)) {
  if (arg.has_value()) {
    *result_listener << "which was accepted";
    return false;
  }
  *result_listener << "which has " << base::to_string(arg.error().code) << "/"
                   << arg.error().reason;
  return arg.error().code == code;
}

MATCHER_P2(refused, code, reason,
           std::string("is refused with ") + base::to_string(code) + "/" + reason) {
  if (arg.has_value()) {
    *result_listener << "which was accepted";
    return false;
  }
  *result_listener << "which has " << base::to_string(arg.error().code) << "/"
                   << arg.error().reason;
  return arg.error().code == code && arg.error().reason == reason;
}

}  // namespace rubricon::ports::contract
