#include <rubricon/gateway/room_log.hpp>

#include <rubricon/gateway/room_fixture_test.hpp>

#include <gtest/gtest.h>

namespace rubricon::gateway {
namespace {

using namespace fixture;
using base::Milliseconds;

RoomLog opened_at(std::int64_t head) {
  RoomLog log;
  log.open(at(head));
  return log;
}

TEST(RoomLog, delivers_the_next_event_at_once_and_drops_what_it_has_delivered) {
  auto log = opened_at(3);
  EXPECT_EQ(seqs(log.arrived(event(4)).deliver), Seqs{4});
  EXPECT_EQ(log.arrived(event(4)), LogActions{});
  EXPECT_EQ(log.arrived(event(2)), LogActions{});
  EXPECT_EQ(log.head(), at(4));
  EXPECT_EQ(log.stats().duplicates, 2u);
}

TEST(RoomLog, waits_20_ms_for_a_hole_to_fill_itself) {
  auto log = opened_at(0);
  const auto early = log.arrived(event(2));
  EXPECT_TRUE(early.deliver.empty());
  EXPECT_EQ(early.wait, Milliseconds(20));
  const auto third = log.arrived(event(3));
  EXPECT_EQ(third.wait, std::nullopt) << "the timer runs already";
  EXPECT_EQ(seqs(log.arrived(event(1)).deliver), (Seqs{1, 2, 3}));
  EXPECT_EQ(log.waited(), LogActions{}) << "nothing is missing any more";
  EXPECT_EQ(log.stats().holes, 1u);
}

TEST(RoomLog, reads_what_does_not_come_and_goes_on) {
  auto log = opened_at(0);
  log.arrived(event(3));
  const auto fired = log.waited();
  EXPECT_EQ(fired.read_after, domain::Seq(0));
  EXPECT_TRUE(log.behind());
  const auto filled = log.read(page(1, 2, 3));
  EXPECT_EQ(seqs(filled.deliver), (Seqs{1, 2, 3}));
  EXPECT_FALSE(log.behind());
  EXPECT_EQ(log.stats().filled, 2u);
}

TEST(RoomLog, events_that_come_while_the_log_is_read_are_not_repeated) {
  auto log = opened_at(0);
  log.arrived(event(3));
  log.waited();
  EXPECT_EQ(seqs(log.arrived(event(1)).deliver), Seqs{1});
  EXPECT_EQ(seqs(log.arrived(event(2)).deliver), (Seqs{2, 3}));
  EXPECT_EQ(log.read(page(1, 3, 3)), LogActions{});
  EXPECT_EQ(seqs(log.arrived(event(4)).deliver), Seqs{4});
}

TEST(RoomLog, never_skips_while_the_store_fails_and_slows_its_retries) {
  auto log = opened_at(0);
  log.arrived(event(2));
  Milliseconds total(0), last(0);
  for (int n = 0; n < 12; ++n) {
    ASSERT_TRUE(log.waited().read_after);
    const auto failed = log.read_failed();
    EXPECT_TRUE(failed.deliver.empty());
    ASSERT_TRUE(failed.wait);
    EXPECT_GE(*failed.wait, last);
    last = *failed.wait;
    total += last;
  }
  EXPECT_EQ(last, Milliseconds(5'000));
  log.waited();
  EXPECT_EQ(seqs(log.read(page(1, 2, 2)).deliver), (Seqs{1, 2}));
}

TEST(RoomLog, a_store_that_does_not_have_the_event_yet_is_asked_again) {
  auto log = opened_at(0);
  log.arrived(event(2));
  log.waited();
  const auto behind = log.read(page(1, 0, 0));
  EXPECT_TRUE(behind.deliver.empty());
  EXPECT_EQ(behind.wait, Milliseconds(50));
  log.waited();
  EXPECT_EQ(seqs(log.read(page(1, 2, 2)).deliver), (Seqs{1, 2}));
}

TEST(RoomLog, goes_on_reading_at_once_while_pages_come) {
  auto log = opened_at(0);
  log.checked(at(900));
  ASSERT_EQ(log.waited().read_after, domain::Seq(0));
  const auto first = log.read(page(1, 500, 900));
  EXPECT_EQ(first.deliver.size(), 500u);
  EXPECT_EQ(first.read_after, domain::Seq(500));
  EXPECT_EQ(log.read(page(501, 900, 900)).deliver.size(), 400u);
  EXPECT_FALSE(log.behind());
}

TEST(RoomLog, a_head_check_finds_the_lost_tail) {
  auto log = opened_at(5);
  EXPECT_EQ(log.checked(at(5)), LogActions{});
  EXPECT_EQ(log.checked(at(4)), LogActions{});
  EXPECT_EQ(log.checked(at(7)).wait, Milliseconds(20));
  EXPECT_EQ(log.stats().behind, 1u);
  EXPECT_EQ(log.waited().read_after, domain::Seq(5));
  EXPECT_EQ(seqs(log.read(page(6, 7, 7)).deliver), (Seqs{6, 7}));
}

TEST(RoomLog, keeps_what_comes_before_it_is_opened) {
  RoomLog log;
  EXPECT_EQ(log.arrived(event(4)), LogActions{});
  EXPECT_EQ(log.arrived(event(5)), LogActions{});
  EXPECT_EQ(log.arrived(event(7)), LogActions{});
  const auto opened = log.open(at(4));
  EXPECT_EQ(seqs(opened.deliver), Seqs{5});
  EXPECT_EQ(opened.wait, Milliseconds(20)) << "6 is missing";
}

TEST(RoomLog, drops_early_events_beyond_its_bound_and_reads_them_later) {
  RoomLog log({.aside_events_max = 2});
  log.open(at(0));
  for (std::int64_t seq = 5; seq >= 2; --seq) log.arrived(event(seq));
  EXPECT_EQ(log.stats().aside_dropped, 2u);
  EXPECT_EQ(seqs(log.arrived(event(1)).deliver), (Seqs{1, 2, 3}));
  EXPECT_TRUE(log.behind()) << "4 and 5 are known to exist";
  log.waited();
  EXPECT_EQ(seqs(log.read(page(4, 5, 5)).deliver), (Seqs{4, 5}));
}

TEST(RoomLog, another_epoch_ends_it) {
  for (int how = 0; how < 3; ++how) {
    auto log = opened_at(3);
    log.arrived(event(5));
    log.waited();
    LogActions out;
    if (how == 0) out = log.arrived(event(1, 2));
    if (how == 1) out = log.checked(at(1, 2));
    if (how == 2) out = log.read({at(1, 2), {}});
    EXPECT_TRUE(out.restarted) << how;
    EXPECT_TRUE(log.over());
    EXPECT_EQ(log.arrived(event(4)), LogActions{});
    EXPECT_EQ(log.read(page(4, 5, 5)), LogActions{});
    EXPECT_EQ(log.waited(), LogActions{});
  }
}

TEST(RoomLog, what_is_not_in_the_log_any_more_ends_it) {
  auto log = opened_at(3);
  log.arrived(event(5));
  log.waited();
  EXPECT_TRUE(log.read({at(5), {}, true}).restarted);
  EXPECT_TRUE(log.over());
}

TEST(RoomLog, an_older_epoch_is_nothing_but_late) {
  RoomLog log;
  log.open(at(3, 2));
  EXPECT_EQ(log.arrived(event(4, 1)), LogActions{});
  EXPECT_EQ(log.checked(at(9, 1)), LogActions{});
}

}  // namespace
}  // namespace rubricon::gateway
