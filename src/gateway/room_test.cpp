#include <rubricon/gateway/room.hpp>

#include <rubricon/gateway/room_fixture_test.hpp>

#include <gtest/gtest.h>

#include <set>

namespace rubricon::gateway {
namespace {

using namespace fixture;

const SubscriberId one{1}, two{2};

/// Actions as a script would have them: "joined 1 at 3: 2 3", "live 1", "all 4", "to 1: 4".
std::string said(const RoomAction& action) {
  struct Teller {
    static std::string list(const std::vector<EventPtr>& events) {
      std::string text;
      for (const auto& e : events) text += fmt::format(" {}", e->seq.value());
      return text;
    }
    std::string operator()(const Authorise& a) { return fmt::format("ask {}", a.who.value()); }
    std::string operator()(const ReadReplay& a) {
      return fmt::format("replay {} after {}", a.who.value(), a.after.value());
    }
    std::string operator()(const Joined& a) {
      return fmt::format("joined {} at {}{}:{}", a.who.value(), a.head.seq.value(),
                         a.resync == Resync::yes ? " resync" : "", list(a.missed));
    }
    std::string operator()(const GoLive& a) { return fmt::format("live {}", a.who.value()); }
    std::string operator()(const Refuse& a) {
      return fmt::format("refuse {} {}", a.who.value(), base::to_string(a.error.code));
    }
    std::string operator()(const SendTo& a) {
      return fmt::format("to {}: {}", a.who.value(), a.event->seq.value());
    }
    std::string operator()(const Broadcast& a) {
      return fmt::format("all {}", a.event->seq.value());
    }
    std::string operator()(const Evict& a) { return fmt::format("evict {}", a.who.value()); }
    std::string operator()(const Wait& a) { return fmt::format("wait {}", a.time.count()); }
    std::string operator()(const ReadHole& a) {
      return fmt::format("hole after {}", a.after.value());
    }
    std::string operator()(const Restart& a) { return fmt::format("restart {}", a.all.size()); }
  };
  return std::visit(Teller{}, action);
}

using Script = std::vector<std::string>;

Script script(const RoomActions& actions) {
  Script lines;
  for (const auto& action : actions) lines.push_back(said(action));
  return lines;
}

JoinFrom after(std::int64_t seq, std::int64_t epoch = 1) {
  return {domain::Epoch(epoch), domain::Seq(seq)};
}

/// A room at `head` with `who` live in it.
void live_at(Room& room, std::int64_t head, SubscriberId who = one, domain::UserId user = ann) {
  room.join(who, user, {});
  EXPECT_EQ(script(room.authorised(who, at(head))).back(), fmt::format("live {}", who.value()));
}

TEST(Room, a_join_without_a_position_gets_what_comes) {
  Room room;
  EXPECT_EQ(script(room.join(one, ann, {})), Script{"ask 1"});
  EXPECT_EQ(script(room.authorised(one, at(3))), (Script{"joined 1 at 3:", "live 1"}));
  EXPECT_EQ(script(room.arrived(event(4))), Script{"all 4"});
}

TEST(Room, a_join_gets_what_it_missed_and_then_what_came_meanwhile) {
  Room room;
  live_at(room, 4, two, bob);
  room.join(one, ann, after(2));
  EXPECT_EQ(script(room.authorised(one, at(4))), Script{"replay 1 after 2"});
  EXPECT_EQ(script(room.arrived(event(5))), Script{"all 5"});
  EXPECT_EQ(script(room.arrived(event(6))), Script{"all 6"});
  EXPECT_EQ(script(room.replay_read(one, page(3, 5, 5))),
            (Script{"joined 1 at 4: 3 4 5 6", "live 1"}));
  EXPECT_EQ(script(room.arrived(event(7))), Script{"all 7"});
}

TEST(Room, events_that_come_while_the_store_is_asked_are_not_lost) {
  Room room;
  room.join(one, ann, after(3));
  EXPECT_EQ(script(room.arrived(event(4))), Script{});
  EXPECT_EQ(script(room.arrived(event(5))), Script{});
  EXPECT_EQ(script(room.authorised(one, at(3))), (Script{"joined 1 at 3: 4 5", "live 1"}));
}

TEST(Room, a_joiner_ahead_of_the_room_waits_for_it) {
  Room room;
  live_at(room, 3, two, bob);
  room.join(one, ann, after(5));
  // The broker has not brought 4 and 5 yet, but the store has them.
  EXPECT_EQ(script(room.authorised(one, at(5))), (Script{"wait 20", "joined 1 at 5:"}));
  EXPECT_EQ(script(room.arrived(event(4))), Script{"all 4"});
  EXPECT_EQ(script(room.arrived(event(5))), (Script{"all 5", "live 1"}));
  EXPECT_EQ(script(room.arrived(event(6))), Script{"all 6"});
}

TEST(Room, what_is_read_for_one_reaches_the_others) {
  Room room;
  live_at(room, 3, two, bob);
  room.join(one, ann, after(3));
  EXPECT_EQ(script(room.authorised(one, at(5))), (Script{"wait 20", "replay 1 after 3"}));
  EXPECT_EQ(script(room.replay_read(one, page(4, 5, 5))),
            (Script{"all 4", "all 5", "joined 1 at 5: 4 5", "live 1"}));
}

TEST(Room, who_is_ahead_of_a_stuck_room_gets_each_event_once) {
  Room room;
  live_at(room, 3, two, bob);
  room.join(one, ann, after(5));
  room.authorised(one, at(6));
  // 4 and 5 are missing in the room; 6 is only news to the joiner.
  EXPECT_EQ(script(room.replay_read(one, page(6, 6, 6))), Script{"joined 1 at 6: 6"});
  EXPECT_EQ(script(room.waited()), Script{"hole after 3"});
  EXPECT_EQ(script(room.hole_read(page(4, 7, 7))),
            (Script{"all 4", "all 5", "all 6", "all 7", "to 1: 7", "live 1"}));
}

TEST(Room, too_many_missed_events_ask_for_a_resync) {
  Room room({.replay_events_max = 10});
  room.join(one, ann, after(1));
  EXPECT_EQ(script(room.authorised(one, at(12))), (Script{"joined 1 at 12 resync:", "live 1"}));
  room.join(two, bob, after(2));
  EXPECT_EQ(script(room.authorised(two, at(12))), Script{"replay 2 after 2"});
}

TEST(Room, too_many_missed_bytes_ask_for_a_resync) {
  Room room;
  room.join(one, ann, after(0));
  room.authorised(one, at(9));
  room.arrived(event(10));
  // The store stopped at its byte limit.
  EXPECT_EQ(script(room.replay_read(one, page(1, 5, 9))),
            (Script{"joined 1 at 9 resync: 10", "live 1"}));
}

TEST(Room, events_that_are_not_in_the_log_any_more_ask_for_a_resync) {
  Room room;
  room.join(one, ann, after(2));
  room.authorised(one, at(9));
  EXPECT_EQ(script(room.replay_read(one, {at(9), {}, true})),
            (Script{"joined 1 at 9 resync:", "live 1"}));
}

TEST(Room, a_position_that_cannot_be_ours_asks_for_a_resync) {
  for (const auto& from : {after(4, 2), after(9, 1), after(4, 1)}) {
    Room room;
    room.join(one, ann, from);
    const bool good = from.epoch->value() == 1 && from.after->value() == 4;
    EXPECT_EQ(script(room.authorised(one, at(4))).front(),
              good ? "joined 1 at 4:" : "joined 1 at 4 resync:");
  }
}

TEST(Room, a_refused_join_is_forgotten) {
  Room room;
  room.join(one, ann, {});
  EXPECT_EQ(script(room.refused(one, {base::ErrorCode::not_found, ""})),
            Script{"refuse 1 not_found"});
  EXPECT_TRUE(room.empty());
  EXPECT_EQ(script(room.authorised(one, at(1))), Script{});
}

TEST(Room, answers_for_those_who_left_are_ignored) {
  Room room;
  room.join(one, ann, after(0));
  room.authorised(one, at(2));
  room.leave(one);
  EXPECT_TRUE(room.empty());
  EXPECT_EQ(script(room.replay_read(one, page(1, 2, 2))), Script{});
}

TEST(Room, a_removed_member_gets_the_event_and_is_evicted_on_every_device) {
  Room room;
  live_at(room, 3, one, ann);
  live_at(room, 3, two, bob);
  const SubscriberId third{3};
  live_at(room, 3, third, ann);
  const auto out = script(room.arrived(removal(4, ann)));
  ASSERT_EQ(out.size(), 3u);
  EXPECT_EQ(out[0], "all 4");
  EXPECT_EQ((std::set<std::string>{out[1], out[2]}), (std::set<std::string>{"evict 1", "evict 3"}));
  EXPECT_EQ(script(room.arrived(event(5))), Script{"all 5"});
  EXPECT_FALSE(room.empty());
}

TEST(Room, a_deleted_chat_evicts_everybody) {
  Room room;
  live_at(room, 3, one, ann);
  EXPECT_EQ(script(room.arrived(deletion(4))), (Script{"all 4", "evict 1"}));
  EXPECT_TRUE(room.empty());
}

TEST(Room, a_removal_during_the_join_shuts_out_right_after_it) {
  Room room;
  live_at(room, 3, two, bob);
  room.join(one, ann, after(2));
  room.authorised(one, at(3));
  room.arrived(removal(4, ann));
  room.arrived(event(5));
  EXPECT_EQ(script(room.replay_read(one, page(3, 3, 3))),
            (Script{"joined 1 at 3: 3 4", "evict 1"}));
}

TEST(Room, a_removal_in_the_past_of_somebody_let_in_again_means_nothing) {
  Room room;
  live_at(room, 3, two, bob);
  room.join(one, ann, {});
  // Removed at 4 and added again at 5; the room is still at 3.
  EXPECT_EQ(script(room.authorised(one, at(5))), (Script{"wait 20", "joined 1 at 5:"}));
  EXPECT_EQ(script(room.arrived(removal(4, ann))), Script{"all 4"});
  EXPECT_EQ(script(room.arrived(event(5))), (Script{"all 5", "live 1"}));
}

TEST(Room, a_joiner_whose_buffer_overflows_begins_again_and_gives_up_in_the_end) {
  Room room({.waiting_events_max = 2, .restarts_max = 1});
  live_at(room, 1, two, bob);
  room.join(one, ann, after(0));
  room.authorised(one, at(1));
  for (std::int64_t seq = 2; seq <= 4; ++seq) room.arrived(event(seq));
  EXPECT_EQ(script(room.replay_read(one, page(1, 1, 1))), Script{"ask 1"});
  EXPECT_EQ(script(room.authorised(one, at(4))), Script{"replay 1 after 0"});
  for (std::int64_t seq = 5; seq <= 7; ++seq) room.arrived(event(seq));
  EXPECT_EQ(script(room.replay_read(one, page(1, 4, 4))), Script{"refuse 1 unavailable"});
}

TEST(Room, another_epoch_sends_everybody_away) {
  Room room;
  live_at(room, 3, one, ann);
  room.join(two, bob, after(1));
  EXPECT_EQ(script(room.arrived(event(1, 2))), Script{"restart 2"});
  EXPECT_TRUE(room.empty());
}

TEST(Room, an_event_that_does_not_say_who_was_removed_removes_everybody) {
  EXPECT_TRUE(shut_out(*removal(1, ann)).concerns(ann));
  EXPECT_FALSE(shut_out(*removal(1, ann)).concerns(bob));
  EXPECT_FALSE(shut_out(*event(1)).concerns(ann));
  auto broken = plain_event(1);
  broken.type = domain::EventType::member_removed;
  for (const auto* data : {"{}", "[]", "{", R"({"userId":7})", R"({"userId":"x"})"}) {
    broken.data = data;
    EXPECT_TRUE(shut_out(broken).concerns(ann)) << data;
  }
}

}  // namespace
}  // namespace rubricon::gateway
