#include <rubricon/revocation/revocation_watch.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/domain/event_data.hpp>
#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/memory/revocation_list.hpp>
#include <rubricon/observability/task_errors.hpp>
#include <rubricon/ports/contract/run_task.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <utility>
#include <vector>

namespace rubricon::revocation {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

domain::SessionId session(std::int64_t n) {
  return domain::SessionId(base::Uuid::v7(n, {}));
}

/// Answers from what a test says was revoked.
class StoredRevocations final : public ports::RevocationLog {
 public:
  base::Task<std::vector<ports::Revocation>> revoked_since(base::Time since,
                                                           base::Deadline) override {
    ++questions;
    if (during) std::exchange(during, {})();
    if (faults > 0) {
      --faults;
      throw base::Unavailable("the test broke the store");
    }
    std::vector<ports::Revocation> found;
    for (const auto& each : all) {
      if (each.at >= since) found.push_back(each);
    }
    co_return found;
  }

  std::vector<ports::Revocation> all;
  int questions = 0;
  int faults = 0;
  std::function<void()> during;  ///< called once, while it is asked
};

class RevocationWatchTest : public ::testing::Test {
 protected:
  ~RevocationWatchTest() override { ports::contract::run_task(io, tasks.stop()); }

  void load() {
    watch.load();
    EXPECT_FALSE(watch.loaded());
    finish();
  }
  void finish() {
    io.restart();
    while (!watch.loaded()) ASSERT_EQ(io.run_one(), 1u);
  }

  void come_to_rest() {
    io.restart();
    io.poll();
  }

  boost::asio::io_context io;
  memory::ManualClock clock;
  observability::Log log;
  StoredRevocations stored;
  memory::RevocationList list{clock};
  std::vector<domain::SessionId> ended;
  std::vector<std::optional<domain::UserId>> users;
  int failures = 0;
  base::TaskGroup tasks{io.get_executor(), observability::log_task_errors(log, "test.failed")};
  RevocationWatch watch{tasks,
                        {stored, list, clock, log},
                        {.ended =
                             [this](const Sessions& sessions, auto user) {
                               ended.insert(ended.end(), sessions.begin(), sessions.end());
                               users.push_back(user);
                             },
                         .store_failed = [this] { ++failures; }},
                        {.retry_min = base::Milliseconds(1), .retry_max = base::Milliseconds(2)}};
};

TEST_F(RevocationWatchTest, knows_what_ended_within_the_life_of_a_token_before_it_is_loaded) {
  stored.all = {{session(1), clock.now() - 20min}, {session(2), clock.now() - 1min}};
  load();
  EXPECT_TRUE(list.revoked(session(2)));
  EXPECT_THAT(ended, ElementsAre(session(2)));
  EXPECT_THAT(users, ElementsAre(std::nullopt));
}

TEST_F(RevocationWatchTest, asks_again_until_the_store_can_tell) {
  stored.all = {{session(1), clock.now()}};
  stored.faults = 3;
  load();
  EXPECT_EQ(stored.questions, 4);
  EXPECT_EQ(failures, 3);
  EXPECT_TRUE(list.revoked(session(1)));
}

TEST_F(RevocationWatchTest, tells_whose_session_an_event_has_ended) {
  load();
  const domain::UserId user(base::Uuid::v7(9, {}));
  watch.heard({.stream = domain::StreamId(user),
               .type = domain::EventType::session_revoked,
               .data = domain::session_revoked_data(session(3))});
  watch.heard({.stream = domain::StreamId(user), .type = domain::EventType::chat_added});
  EXPECT_TRUE(list.revoked(session(3)));
  EXPECT_THAT(ended, ElementsAre(session(3)));
  EXPECT_THAT(users, ElementsAre(user));
}

TEST_F(RevocationWatchTest, loads_once_more_when_it_is_asked_while_it_loads) {
  stored.during = [this] { watch.load(); };
  load();
  EXPECT_EQ(stored.questions, 2) << "what was asked for later may have happened later";
}

TEST_F(RevocationWatchTest, finds_what_nobody_told_it_when_it_looks) {
  load();
  stored.all = {{session(1), clock.now()}};
  watch.look();
  watch.look();
  come_to_rest();
  EXPECT_TRUE(list.revoked(session(1)));
  EXPECT_EQ(stored.questions, 2) << "one look at a time";
  watch.look();
  come_to_rest();
  EXPECT_EQ(stored.questions, 3);
  EXPECT_THAT(ended, ElementsAre(session(1))) << "told once";
}

TEST_F(RevocationWatchTest, knows_what_it_knew_where_the_store_cannot_tell) {
  load();
  stored.faults = 1;
  watch.look();
  come_to_rest();
  EXPECT_EQ(stored.questions, 2);
  EXPECT_TRUE(watch.loaded());
  EXPECT_EQ(failures, 0);
  stored.all = {{session(1), clock.now()}};
  watch.look();
  come_to_rest();
  EXPECT_THAT(ended, ElementsAre(session(1)));
}

TEST_F(RevocationWatchTest, loads_again_when_the_clock_is_set_back) {
  stored.all = {{session(1), clock.now()}};
  clock.move_wall(1h);
  load();
  EXPECT_FALSE(list.revoked(session(1)));
  clock.move_wall(-1s);
  watch.look();
  EXPECT_TRUE(watch.loaded()) << "clocks are set gently all the time";
  clock.move_wall(-1h);
  watch.look();
  EXPECT_FALSE(watch.loaded());
  finish();
  EXPECT_TRUE(list.revoked(session(1)));
}

}  // namespace
}  // namespace rubricon::revocation
