// Connection state recovery, answered from the event store.
// tests: recovery.cpp
// tests: rooms_places.cpp
#include <rubricon/gateway/gateway_fixture_test.hpp>
#include <rubricon/gateway/recovery.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace rubricon::gateway {
namespace {

namespace json = boost::json;
using Client = std::unique_ptr<SocketClient>;
using Seqs = std::vector<std::int64_t>;

class GatewayRecoveryTest : public GatewayFixture {
 protected:
  explicit GatewayRecoveryTest(const Options& options = with_secret()) : GatewayFixture(options) {}

  static Options with_secret() {
    auto options = quick();
    options.recovery_secret = RecoverySecret{7};
    return options;
  }

  /// A device of `user` in the chat, which knows its place.
  Client in_chat(const domain::User& user, domain::ChatId id) {
    auto client = connect(user);
    EXPECT_EQ(client->ask("join-chat", id.to_string()).at("ok"), true);
    return client;
  }
  Client come_back(const Client& gone, const domain::User& user) {
    return come_back_with(gone->comes_back_with(token(user)));
  }
  Client come_back_with(const json::object& auth) {
    auto client = dial();
    EXPECT_TRUE(client->connect(auth));
    return client;
  }
  /// What official clients show as `socket.recovered`.
  static bool recovered(const Client& gone, const Client& back) { return gone->id() == back->id(); }
  /// Asks to be recovered; the proof waits until `store.held_from` is 0.
  void prove_later(SocketClient& client, const json::object& auth) {
    store.held_from = chats.memberships + 1;
    client.begin_connect(auth);
    EXPECT_TRUE(wait_until([&] { return chats.memberships >= store.held_from; }));
  }
  /// A device that was told that it is recovered, and whose join then found the store away.
  Client waiting_for_the_store() {
    const auto client = in_chat(ann, chat);
    client->wait_for("heads");
    client->close();
    store.broken_from = chats.memberships + 2;
    auto back = come_back(client, ann);
    EXPECT_TRUE(recovered(client, back));
    EXPECT_TRUE(wait_until([&] { return chats.memberships >= store.broken_from; }));
    store.broken_from = 0;
    return back;
  }
  void settle(const Client& client) { client->ask("leave-chat", domain::ChatId().to_string()); }

  domain::User ann = make_user("ann");
  domain::User bob = make_user("bob");
  domain::ChatId chat = make_chat(ann);
  domain::ChatId second = make_chat(ann);
};

TEST_F(GatewayRecoveryTest, brings_what_was_missed_and_goes_on) {
  const auto client = in_chat(ann, chat);
  post(ann, chat, "heard");
  client->wait_for("new-msg");
  client->close();
  for (int n = 0; n < 3; ++n) post(ann, chat, "missed");
  const auto back = come_back(client, ann);
  EXPECT_TRUE(recovered(client, back));
  back->wait_for("new-msg", 3);
  post(ann, chat, "live");
  back->wait_for("new-msg", 4);
  EXPECT_EQ(back->seqs(), (Seqs{3, 4, 5, 6}));
}

TEST_F(GatewayRecoveryTest, needs_no_event_but_a_join) {
  const auto client = in_chat(ann, chat);
  client->wait_for("heads");
  client->close();
  post(ann, chat, "missed");
  const auto back = come_back(client, ann);
  EXPECT_TRUE(recovered(client, back));
  back->wait_for("new-msg");
  EXPECT_EQ(back->seqs(), (Seqs{2}));
}

// Goal: whoever is torn off in the middle of what was missed goes on there, and not from the start.
TEST_F(GatewayRecoveryTest, is_recovered_again_from_where_it_got) {
  const auto first = in_chat(ann, chat);
  first->wait_for("heads");
  first->close();
  post(ann, chat, "one");
  const auto again = come_back(first, ann);
  again->wait_for("new-msg");
  again->close();
  post(ann, chat, "two");
  const auto third = come_back(again, ann);
  EXPECT_TRUE(recovered(first, third));
  third->wait_for("new-msg");
  EXPECT_EQ(third->seqs(), (Seqs{3}));
}

TEST_F(GatewayRecoveryTest, however_long_it_was_away_and_over_a_restart_of_the_server) {
  const auto client = in_chat(ann, chat);
  client->wait_for("heads");
  client->close();
  post(ann, chat, "missed");
  stop_gateway();
  clock.advance(std::chrono::hours(24 * 400));
  start_gateway();
  const auto back = come_back(client, ann);
  EXPECT_TRUE(recovered(client, back));
  back->wait_for("new-msg");
  EXPECT_EQ(back->seqs(), (Seqs{2}));
}

TEST_F(GatewayRecoveryTest, not_by_a_server_with_another_secret) {
  const auto client = in_chat(ann, chat);
  client->wait_for("heads");
  client->close();
  stop_gateway();
  gateway_options.recovery_secret = RecoverySecret{8};
  start_gateway();
  EXPECT_FALSE(recovered(client, come_back(client, ann)));
}

TEST_F(GatewayRecoveryTest, not_from_several_chats_or_from_none) {
  const auto several = in_chat(ann, chat);
  EXPECT_EQ(several->ask("join-chat", second.to_string()).at("ok"), true);
  post(ann, chat, "in both");
  post(ann, second, "in both");
  several->wait_for("new-msg", 2);
  several->close();
  const auto again = come_back(several, ann);
  EXPECT_FALSE(recovered(several, again));

  const auto none = in_chat(ann, chat);
  none->wait_for("heads");
  none->ask("leave-chat", chat.to_string());
  none->close();
  EXPECT_FALSE(recovered(none, come_back(none, ann)));
}

TEST_F(GatewayRecoveryTest, again_when_it_is_back_in_one_chat) {
  const auto client = in_chat(ann, chat);
  client->ask("join-chat", second.to_string());
  client->ask("leave-chat", chat.to_string());
  client->close();
  post(ann, chat, "not there any more");
  post(ann, second, "missed");
  const auto back = come_back(client, ann);
  EXPECT_TRUE(recovered(client, back));
  back->wait_for("new-msg");
  post(ann, chat, "not there any more");
  post(ann, second, "live");
  back->wait_for("new-msg", 2);
  for (const auto& message : back->received("new-msg")) {
    EXPECT_EQ(message.at("chatId"), Json(second.to_string()).value);
  }
}

// Goal: the end of one of its two rooms does not make the other look like its only one.
TEST_F(GatewayRecoveryTest, not_who_was_in_two_chats_of_which_one_began_anew) {
  const auto client = in_chat(ann, chat);
  client->ask("join-chat", second.to_string());
  const auto restarted =
      std::make_shared<const domain::Event>(domain::Event{.stream = domain::StreamId(chat),
                                                          .epoch = domain::Epoch(2),
                                                          .seq = domain::Seq(1),
                                                          .type = domain::EventType::chat_renamed,
                                                          .at = clock.now(),
                                                          .data = "{}",
                                                          .audience = {},
                                                          .trace = {}});
  run(broker.publish({restarted}, soon()));
  EXPECT_EQ(client->wait_for("server-closing"),
            json::value({{"code", "stream_restarted"}, {"comeBack", true}}));
  EXPECT_TRUE(wait_until([&] { return client->closed(); }));
  EXPECT_FALSE(recovered(client, come_back(client, ann)));
}

// Goal: one encoding for those who can be recovered and one for those who cannot, each event once.
TEST_F(GatewayRecoveryTest, both_kinds_of_members_hear_each_event_once) {
  const auto only = in_chat(ann, chat);
  const auto also = in_chat(ann, chat);
  also->ask("join-chat", second.to_string());
  for (int n = 0; n < 3; ++n) post(ann, chat, "to both");
  only->wait_for("new-msg", 3);
  also->wait_for("new-msg", 3);
  settle(only);
  settle(also);
  EXPECT_EQ(only->seqs(), (Seqs{2, 3, 4}));
  EXPECT_EQ(also->seqs(), (Seqs{2, 3, 4}));
}

TEST_F(GatewayRecoveryTest, not_a_member_who_was_removed) {
  add_member(ann, chat, bob);
  const auto client = in_chat(bob, chat);
  client->wait_for("heads");
  client->close();
  remove_member(ann, chat, bob);
  post(ann, chat, "without bob");
  const auto back = come_back(client, bob);
  EXPECT_FALSE(recovered(client, back));
  settle(back);
  EXPECT_EQ(back->seqs(), Seqs());
}

TEST_F(GatewayRecoveryTest, not_somebody_else_with_what_was_given_to_one) {
  add_member(ann, chat, bob);
  const auto client = in_chat(ann, chat);
  client->wait_for("heads");
  client->close();
  EXPECT_FALSE(recovered(client, come_back(client, bob)));
  auto forged = client->comes_back_with(token(ann));
  forged["offset"] = std::string(56, 'A');
  EXPECT_FALSE(recovered(client, come_back_with(forged)));
  forged = client->comes_back_with(token(ann));
  forged["pid"] = std::string(48, 'A');
  EXPECT_FALSE(recovered(client, come_back_with(forged)));
  EXPECT_TRUE(recovered(client, come_back(client, ann)));
}

TEST_F(GatewayRecoveryTest, not_who_has_missed_more_than_a_replay_holds) {
  const auto client = in_chat(ann, chat);
  client->wait_for("heads");
  client->close();
  post_many(ann, chat, "m", 500);
  EXPECT_TRUE(recovered(client, come_back(client, ann)));
  post(ann, chat, "one more");
  EXPECT_FALSE(recovered(client, come_back(client, ann)));
}

TEST_F(GatewayRecoveryTest, not_who_has_missed_more_bytes_than_a_replay_holds) {
  const auto client = in_chat(ann, chat);
  client->wait_for("heads");
  client->close();
  post_many(ann, chat, std::string(32'000, 'x'), 40);
  EXPECT_FALSE(recovered(client, come_back(client, ann)));
}

// Goal: official clients keep their old offset beside their new pid; that is no claim.
TEST_F(GatewayRecoveryTest, not_from_a_place_that_was_left_behind_by_an_earlier_session) {
  const auto client = in_chat(ann, chat);
  client->wait_for("heads");
  client->close();
  store.broken = true;
  const auto unknown = come_back(client, ann);
  EXPECT_FALSE(recovered(client, unknown));
  store.broken = false;
  auto stale = unknown->comes_back_with(token(ann));
  stale["offset"] = client->comes_back_with("").at("offset");
  unknown->close();
  EXPECT_FALSE(recovered(unknown, come_back_with(stale)));
}

// Goal: a client that was told that it is recovered, and then cannot be, is not left in that
// belief.
TEST_F(GatewayRecoveryTest, closes_who_loses_the_right_between_the_proof_and_the_join) {
  add_member(ann, chat, bob);
  const auto client = in_chat(bob, chat);
  client->wait_for("heads");
  client->close();
  store.held_from = chats.memberships + 2;
  const auto back = come_back(client, bob);
  EXPECT_TRUE(recovered(client, back));
  EXPECT_TRUE(wait_until([&] { return chats.memberships == store.held_from; }));
  remove_member(ann, chat, bob);
  store.held_from = 0;
  EXPECT_EQ(back->wait_for("server-closing"),
            json::value({{"code", "not_recovered"}, {"comeBack", true}}));
  EXPECT_TRUE(wait_until([&] { return back->closed(); }));
  EXPECT_FALSE(recovered(client, come_back(back, bob)));
}

// Goal: between the admission and the end of the proof nobody can close the socket: it is not one
// yet. Whoever is signed out then is out all the same, whatever the proof says.
TEST_F(GatewayRecoveryTest, whose_session_ends_while_the_proof_is_looked_up_does_not_stay) {
  for (const bool proved : {true, false}) {
    const auto room = proved ? chat : second;
    add_member(ann, room, bob);
    const auto session = open_session(bob);
    const auto client = connect_with(token(bob, session));
    EXPECT_EQ(client->ask("join-chat", room.to_string()).at("ok"), true);
    client->wait_for("heads");
    client->close();
    const auto back = dial();
    prove_later(*back, client->comes_back_with(token(bob, session)));
    ASSERT_TRUE(run(database.sessions().revoke(bob.id, session, soon())));
    relay();
    EXPECT_TRUE(wait_until([&] { return revocations.revoked(session); }));
    if (!proved) remove_member(ann, room, bob);
    store.held_from = 0;
    EXPECT_EQ(back->wait_for("server-closing"),
              json::value({{"code", "session_revoked"}, {"comeBack", false}}));
    EXPECT_TRUE(wait_until([&] { return back->closed(); }));
    EXPECT_TRUE(back->told_to_stay_away());
  }
}

TEST_F(GatewayRecoveryTest, waits_for_the_store_when_it_goes_away_between_the_proof_and_the_join) {
  const auto back = waiting_for_the_store();
  post(ann, chat, "missed");
  back->wait_for("new-msg");
  EXPECT_EQ(back->seqs(), (Seqs{2}));
  EXPECT_FALSE(back->closed());
}

// Goal: whoever leaves while the store is away is not put back when it has returned.
TEST_F(GatewayRecoveryTest, a_chat_that_is_left_while_the_store_is_away_stays_left) {
  const auto back = waiting_for_the_store();
  EXPECT_EQ(back->ask("leave-chat", chat.to_string()).at("ok"), true);
  const auto asked = chats.memberships;
  run_for(io, std::chrono::milliseconds(1'300));  // the pause is a second
  EXPECT_EQ(chats.memberships, asked);
  post(ann, chat, "not there any more");
  settle(back);
  EXPECT_EQ(back->seqs(), Seqs());
}

TEST_F(GatewayRecoveryTest, a_join_while_the_store_is_away_is_the_one_that_counts) {
  const auto back = waiting_for_the_store();
  EXPECT_EQ(back->ask("join-chat", chat.to_string()).at("ok"), true);
  const auto asked = chats.memberships;
  run_for(io, std::chrono::milliseconds(1'300));
  EXPECT_EQ(chats.memberships, asked);
  post(ann, chat, "once");
  back->wait_for("new-msg");
  settle(back);
  EXPECT_EQ(back->seqs(), (Seqs{2}));
}

class GatewayRecoveryOfFewTest : public GatewayRecoveryTest {
 protected:
  static Options few() {
    auto options = with_secret();
    options.limits.sockets_per_user = 2;
    options.limits.rooms_per_socket = 1;
    return options;
  }
  GatewayRecoveryOfFewTest() : GatewayRecoveryTest(few()) {}
};

// Goal: many who ask at once are not all let in because none of them was when they asked.
TEST_F(GatewayRecoveryOfFewTest, the_bound_holds_for_those_who_are_looked_up_at_once) {
  std::vector<json::object> claims;
  for (int n = 0; n < 3; ++n) {
    const auto client = in_chat(ann, chat);
    client->wait_for("heads");
    claims.push_back(client->comes_back_with(token(ann)));
    client->close();
    wait_for_user_room(ann, 0);
  }
  std::vector<Client> devices;
  for (const auto& claim : claims) {
    devices.push_back(dial());
    prove_later(*devices.back(), claim);
  }
  store.held_from = 0;
  const auto turned_away = [](const Client& device) { return device->closed(); };
  EXPECT_TRUE(wait_until([&] { return std::ranges::any_of(devices, turned_away); }));
  for (const auto& device : devices) {
    if (!device->closed()) {
      settle(device);
      continue;
    }
    EXPECT_EQ(device->wait_for("server-closing"),
              json::value({{"code", "too_many_connections"}, {"comeBack", false}}));
  }
  EXPECT_EQ(std::ranges::count_if(devices, turned_away), 1);
}

TEST_F(GatewayRecoveryOfFewTest, a_join_that_waits_for_the_store_keeps_its_place) {
  const auto back = waiting_for_the_store();
  EXPECT_EQ(back->error("join-chat", second.to_string()), "too_many_rooms");
  post(ann, chat, "missed");
  back->wait_for("new-msg");
  EXPECT_EQ(back->error("join-chat", second.to_string()), "too_many_rooms");
  back->ask("leave-chat", chat.to_string());
  EXPECT_EQ(back->error("join-chat", second.to_string()), "");
}

}  // namespace
}  // namespace rubricon::gateway
