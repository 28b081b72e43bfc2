#include <rubricon/worker/bulkhead.hpp>

#include <rubricon/base/fault.hpp>

#include <gtest/gtest.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <list>
#include <map>
#include <string>

namespace rubricon::worker {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

domain::UserId user(std::uint8_t n) {
  return domain::UserId(base::Uuid::v7(n, {}));
}

class BulkheadTest : public ::testing::Test {
 protected:
  /// Asks for a place; its name is in `inside` while it has one.
  void enter(const std::string& name, domain::UserId who, base::Instant::duration patience = 1h) {
    const auto deadline = base::Deadline::after(std::chrono::steady_clock::now(), patience);
    auto asking = [](BulkheadTest* self, std::string name, domain::UserId who,
                     base::Deadline deadline) -> base::Task<void> {
      auto place = co_await self->bulkhead.enter(who, deadline);
      self->order += name;
      self->inside.emplace(std::move(name), std::move(place));
    };
    asio::co_spawn(
        io, asking(this, name, who, deadline),
        asio::bind_cancellation_slot(signals.emplace_back().slot(),
                                     [this](std::exception_ptr error) { ended = error; }));
    settle();
  }
  void leave(const std::string& name) {
    inside.erase(name);
    settle();
  }
  void settle() {
    io.restart();
    io.poll();
  }

  asio::io_context io;
  std::list<asio::cancellation_signal> signals;  ///< of each, the newest last
  std::exception_ptr ended;                      ///< how the newest that ended did
  Bulkhead bulkhead{
      {.places = 4, .places_per_user = 2, .waiting_max = 10, .waiting_per_user_max = 6}};
  std::string order;
  std::map<std::string, Bulkhead::Place> inside;
};

TEST_F(BulkheadTest, nobody_has_more_than_their_share_and_others_need_not_wait_for_them) {
  for (const auto* name : {"a", "b", "c", "d"}) enter(name, user(1));
  EXPECT_EQ(order, "ab");
  enter("x", user(2));
  EXPECT_EQ(order, "abx") << "two of the first wait, and there was room";
  EXPECT_EQ(bulkhead.busy(), 3u);
  EXPECT_EQ(bulkhead.waiting(), 2u);
}

TEST_F(BulkheadTest, users_are_served_in_turn_and_each_in_their_order) {
  enter("1", user(8)), enter("2", user(8)), enter("3", user(9)), enter("4", user(9));
  for (const auto* name : {"a", "b", "c"}) enter(name, user(1));
  enter("x", user(2)), enter("y", user(2));
  for (const auto* name : {"1", "2", "3", "4"}) leave(name);
  EXPECT_EQ(order, "1234axby");
  leave("a"), leave("x");
  EXPECT_EQ(order, "1234axbyc");
  EXPECT_EQ(bulkhead.waiting(), 0u);
}

TEST_F(BulkheadTest, whoever_has_waited_too_long_is_told_so_and_takes_no_place) {
  enter("1", user(1)), enter("2", user(1));
  enter("late", user(1), -1ms);
  ASSERT_TRUE(ended);
  EXPECT_THROW(std::rethrow_exception(ended), base::DeadlineExceeded);
  EXPECT_EQ(bulkhead.waiting(), 0u);
  leave("1");
  EXPECT_EQ(bulkhead.busy(), 1u);
}

TEST_F(BulkheadTest, whoever_gives_up_waiting_takes_no_place) {
  enter("1", user(1)), enter("2", user(1));
  enter("3", user(1));
  signals.back().emit(asio::cancellation_type::terminal);
  settle();
  EXPECT_THROW(std::rethrow_exception(ended), boost::system::system_error);
  leave("1"), leave("2");
  EXPECT_EQ(bulkhead.busy(), 0u);
  EXPECT_EQ(order, "12");
}

TEST_F(BulkheadTest, too_many_are_refused_at_once) {
  for (int n = 0; n < 7; ++n) enter(std::to_string(n), user(1));
  for (int n = 7; n < 14; ++n) enter(std::to_string(n), user(2));
  EXPECT_FALSE(ended) << "four have a place and ten wait";
  enter("more", user(3));
  ASSERT_TRUE(ended);
  EXPECT_THROW(std::rethrow_exception(ended), base::Unavailable);
}

TEST_F(BulkheadTest, of_one_person_only_so_many_wait_and_the_room_is_left_to_others) {
  for (int n = 0; n < 8; ++n) enter(std::to_string(n), user(1));
  EXPECT_FALSE(ended) << "two have a place and six wait";
  enter("seventh", user(1));
  ASSERT_TRUE(ended);
  EXPECT_THROW(std::rethrow_exception(ended), base::Unavailable);
  EXPECT_EQ(bulkhead.waiting(), 6u);
  enter("x", user(2));
  EXPECT_EQ(order, "01x");
  leave("0");
  enter("again", user(1));
  EXPECT_EQ(bulkhead.waiting(), 6u) << "one went in, so one more may wait";
}

}  // namespace
}  // namespace rubricon::worker
