// tests: rooms_store.cpp
// tests: meters.cpp
/// The broker loses, repeats and reorders; the store goes away; clients do not read. Nobody misses
/// anything, nobody gets anything twice.
#include <rubricon/gateway/gateway_fixture_test.hpp>

#include <gtest/gtest.h>

#include <random>

namespace rubricon::gateway {
namespace {

using memory::Fate;
using Seqs = std::vector<std::int64_t>;

class GatewayFaultsTest : public GatewayFixture {
 protected:
  explicit GatewayFaultsTest(const Options& options = quick()) : GatewayFixture(options) {}

  boost::json::object from(std::int64_t after) {
    return object({{"chatId", chat.to_string()}, {"epoch", 1}, {"after", after}});
  }
  static Seqs upto(std::int64_t first, std::int64_t last) {
    Seqs seqs;
    for (auto seq = first; seq <= last; ++seq) seqs.push_back(seq);
    return seqs;
  }

  domain::User ann = make_user("ann");
  domain::ChatId chat = make_chat(ann);
};

TEST_F(GatewayFaultsTest, a_lost_event_is_read_from_the_log_when_the_next_one_comes) {
  const auto client = connect(ann);
  client->ask("join-chat", chat.to_string());
  broker.set_fate(
      [](const domain::Event& e) { return e.seq.value() == 2 ? Fate::lose : Fate::deliver; });
  post(ann, chat, "lost");
  post(ann, chat, "heard");
  client->wait_for("new-msg", 2);
  EXPECT_EQ(client->seqs(), (Seqs{2, 3}));
}

TEST_F(GatewayFaultsTest, repeated_and_crossed_events_come_once_and_in_order) {
  const auto client = connect(ann);
  client->ask("join-chat", chat.to_string());
  broker.set_fate(
      [](const domain::Event& e) { return e.seq.value() % 2 == 0 ? Fate::delay : Fate::repeat; });
  const int reads = events.reads;
  for (int n = 0; n < 10; ++n) post(ann, chat, "m" + std::to_string(n));
  client->wait_for("new-msg", 10);
  broker.set_fate({});
  post(ann, chat, "last");
  client->wait_for("new-msg", 11);
  EXPECT_EQ(client->seqs(), upto(2, 12));
  EXPECT_EQ(events.reads, reads) << "crossed events find their order without the log";
}

TEST_F(GatewayFaultsTest, a_lost_tail_is_found_when_the_broker_comes_back) {
  const auto client = connect(ann);
  client->ask("join-chat", chat.to_string());
  const auto other = make_chat(ann);
  client->ask("join-chat", other.to_string());
  broker.set_fate([](const domain::Event&) { return Fate::lose; });
  post(ann, chat, "lost");
  broker.set_fate({});
  post(ann, other, "heard");
  EXPECT_EQ(client->wait_for("new-msg").at("content"), "heard");
  broker.drop_connections();
  EXPECT_EQ(client->wait_for("new-msg", 2).at("content"), "lost");
  EXPECT_TRUE(wait_until([&] { return gateway->ready(); }));
}

TEST_F(GatewayFaultsTest, a_join_while_the_store_is_away_is_told_to_try_again) {
  const auto client = connect(ann);
  store.broken = true;
  EXPECT_EQ(client->error("join-chat", chat.to_string()), "unavailable");
  store.broken = false;
  EXPECT_EQ(client->error("join-chat", from(0)), "");
  EXPECT_FALSE(client->wait_for("chat-created").is_null());
}

TEST_F(GatewayFaultsTest, a_hole_waits_for_the_store_and_is_never_skipped) {
  const auto client = connect(ann);
  client->ask("join-chat", chat.to_string());
  broker.set_fate(
      [](const domain::Event& e) { return e.seq.value() == 2 ? Fate::lose : Fate::deliver; });
  store.broken = true;
  post(ann, chat, "lost");
  post(ann, chat, "early");
  EXPECT_TRUE(wait_until([&] { return events.attempts >= 3; }));
  EXPECT_EQ(client->seqs(), Seqs{});
  store.broken = false;
  client->wait_for("new-msg", 2);
  EXPECT_EQ(client->seqs(), (Seqs{2, 3}));
}

TEST_F(GatewayFaultsTest, the_users_room_is_joined_when_the_store_is_back) {
  store.broken = true;
  const auto client = connect(ann);
  EXPECT_TRUE(wait_until([&] { return chats.head_attempts > 0; }));
  store.broken = false;
  // The gateway tries again after a second.
  wait_for_user_room(ann);
  make_chat(ann);
  EXPECT_EQ(client->wait_for("user-event").at("type"), "chat-added");
}

TEST_F(GatewayFaultsTest, a_long_absence_ends_in_a_replay_or_a_resync) {
  post_many(ann, chat, "m", 30);
  const auto client = connect(ann);
  EXPECT_EQ(client->ask("join-chat", from(0)).as_object().if_contains("resync"), nullptr);
  client->wait_for("new-msg", 30);
  EXPECT_EQ(client->seqs(), upto(1, 31));
  // More than 1 MiB of text: a replay no longer.
  post_many(ann, chat, std::string(32'000, 'x'), 35);
  const auto far = connect(ann);
  const auto ack = far->ask("join-chat", from(31));
  EXPECT_EQ(ack.at("resync"), true);
  EXPECT_EQ(ack.at("head"), 66);
  const auto near = connect(ann);
  EXPECT_EQ(near->ask("join-chat", from(60)).as_object().if_contains("resync"), nullptr);
  post(ann, chat, "goes on");
  far->wait_for("new-msg");
  EXPECT_EQ(far->seqs(), upto(67, 67)) << "what was before is read by REST";
  near->wait_for("new-msg", 7);
  EXPECT_EQ(near->seqs(), upto(61, 67));
}

class PatientReplaysTest : public GatewayFaultsTest {
 protected:
  static Options patient() {
    auto options = quick();
    options.replays_gather = std::chrono::milliseconds(500);
    return options;
  }
  PatientReplaysTest() : GatewayFaultsTest(patient()) {}
};

TEST_F(PatientReplaysTest, those_who_have_missed_the_same_share_one_read_of_the_log) {
  post_many(ann, chat, "m", 30);
  std::vector<std::unique_ptr<SocketClient>> clients;
  for (int n = 0; n < 10; ++n) clients.push_back(connect(ann));
  wait_for_user_room(ann, clients.size());
  store.held = true;  // they are authorised together
  std::vector<std::uint64_t> asked;
  for (const auto& client : clients) asked.push_back(client->begin("join-chat", from(0)));
  wait_for_client_events(clients.size());
  const int reads = events.reads;
  store.held = false;
  for (std::size_t n = 0; n < clients.size(); ++n) {
    EXPECT_EQ(SocketClient::error_in(clients[n]->answer(asked[n])), "");
    clients[n]->wait_for("new-msg", 30);
    EXPECT_EQ(clients[n]->seqs(), upto(1, 31));
  }
  EXPECT_EQ(events.reads - reads, 1);
}

// Goal: an outage of the broker costs seconds, neither a conversation nor the end of a right.
TEST_F(GatewayFaultsTest, while_the_broker_is_away_the_log_is_looked_at) {
  const auto bob = make_user("bob");
  add_member(ann, chat, bob);
  const auto stays = connect(ann);
  const auto removed = connect(bob);
  stays->ask("join-chat", chat.to_string());
  removed->ask("join-chat", chat.to_string());
  broker.switch_off();
  post(ann, chat, "to both");
  EXPECT_EQ(removed->wait_for("new-msg").at("content"), "to both");
  remove_member(ann, chat, bob);
  stays->wait_for("member-removed");
  post(ann, chat, "without bob");
  EXPECT_EQ(stays->wait_for("new-msg", 2).at("content"), "without bob");
  removed->ask("leave-chat", chat.to_string());
  EXPECT_EQ(removed->received("new-msg").size(), 1u);
  broker.switch_on();
}

TEST_F(GatewayFaultsTest, a_mistake_in_the_store_does_not_end_the_loading_of_revocations) {
  store.wrong = true;
  const int before = revoked.questions;
  broker.drop_connections();
  EXPECT_TRUE(wait_until([&] { return revoked.questions >= before + 3; })) << "it asks again";
  EXPECT_FALSE(gateway->ready());
  store.wrong = false;
  EXPECT_TRUE(wait_until([&] { return gateway->ready(); }));
  EXPECT_FALSE(connect(ann)->closed());
}

TEST_F(GatewayFaultsTest, a_clock_that_is_set_back_brings_revocations_that_looked_too_old) {
  const auto session = open_session(ann);
  const auto text = token(ann, session);
  stop_gateway();
  ASSERT_TRUE(run(database.sessions().revoke(ann.id, session, soon())));
  clock.move_wall(std::chrono::hours(1));
  start_gateway();
  const int before = revoked.questions;
  clock.move_wall(-std::chrono::hours(1));
  EXPECT_TRUE(wait_until([&] { return revoked.questions > before && gateway->ready(); }));
  const auto client = dial();
  EXPECT_FALSE(client->connect(text));
  EXPECT_EQ(client->refusal().at("code"), "session_revoked");
}

TEST_F(GatewayFaultsTest, a_mistake_in_the_store_does_not_end_the_head_checks) {
  const auto client = connect(ann);
  client->ask("join-chat", chat.to_string());
  wait_for_user_room(ann);
  broker.set_fate([](const domain::Event&) { return Fate::lose; });
  post(ann, chat, "lost");
  store.wrong = true;
  const int before = chats.head_attempts;
  broker.drop_connections();
  EXPECT_TRUE(wait_until([&] { return chats.head_attempts >= before + 3; })) << "it asks again";
  store.wrong = false;
  EXPECT_EQ(client->wait_for("new-msg").at("content"), "lost");
}

TEST_F(GatewayFaultsTest, a_client_that_does_not_read_is_closed_and_gets_everything_when_back) {
  const auto slow = connect(ann);
  const auto good = connect(ann);
  slow->ask("join-chat", chat.to_string());
  good->ask("join-chat", chat.to_string());
  slow->stop_reading();
  const std::string big(32'000, 'x');
  std::int64_t posted = 1;
  const auto sockets = [&] { return server->counters().sockets_now; };
  while (sockets() == 2 && posted < 400) {
    post_many(ann, chat, big, 10);
    posted += 10;
    clock.advance(base::Milliseconds(100));
    good->wait_for("new-msg", static_cast<std::size_t>(posted - 1));
  }
  EXPECT_EQ(sockets(), 1u) << "the slow one is gone";
  EXPECT_EQ(good->seqs(), upto(2, posted)) << "the others got everything";
  const auto back = connect(ann);
  const auto ack = back->ask("join-chat", from(posted - 5));
  EXPECT_EQ(ack.at("head"), posted);
  back->wait_for("new-msg", 5);
  EXPECT_EQ(back->seqs(), upto(posted - 4, posted));
}

TEST_F(GatewayFaultsTest, many_large_replays_at_once_do_not_make_a_client_slow) {
  std::vector<domain::ChatId> chats_of_ann = {chat,           make_chat(ann), make_chat(ann),
                                              make_chat(ann), make_chat(ann), make_chat(ann),
                                              make_chat(ann)};
  const std::string big(30'000, 'x');
  for (const auto each : chats_of_ann) post_many(ann, each, big, 30);
  const auto client = connect(ann);
  for (const auto each : chats_of_ann) {
    client->emit("join-chat", object({{"chatId", each.to_string()}, {"epoch", 1}, {"after", 0}}));
  }
  client->wait_for("new-msg", 30 * chats_of_ann.size());
  EXPECT_EQ(client->received("new-msg").size(), 30 * chats_of_ann.size());
  EXPECT_FALSE(client->closed());
}

TEST_F(GatewayFaultsTest, a_burst_that_no_network_could_have_taken_yet_closes_nobody) {
  const auto client = connect(ann);
  client->ask("join-chat", chat.to_string());
  std::vector<std::shared_ptr<const domain::Event>> burst;
  for (std::int64_t seq = 2; seq <= 71; ++seq) {
    domain::Event event{.stream = domain::StreamId(chat),
                        .epoch = domain::Epoch(1),
                        .seq = domain::Seq(seq),
                        .type = domain::EventType::message_created,
                        .at = clock.now(),
                        .data = "{\"content\":\"" + std::string(30'000, 'x') + "\"}"};
    burst.push_back(std::make_shared<const domain::Event>(std::move(event)));
  }
  run(broker.publish(std::move(burst), soon()));
  client->wait_for("new-msg", 70);
  EXPECT_EQ(client->seqs(), upto(2, 71));
  EXPECT_FALSE(client->closed());
}

TEST_F(GatewayFaultsTest, everybody_is_level_in_the_end_whatever_the_broker_does) {
  std::mt19937 dice(7);
  broker.set_fate([&](const domain::Event&) {
    const auto n = dice() % 10;
    return n < 2 ? Fate::lose : n < 4 ? Fate::repeat : n < 6 ? Fate::delay : Fate::deliver;
  });
  struct Device {
    std::unique_ptr<SocketClient> socket;
    std::int64_t joined_after;
  };
  std::vector<Device> devices;
  for (int n = 0; n < 40; ++n) {
    if (n % 8 == 0) {
      auto socket = connect(ann);
      const std::int64_t after = n == 0 ? 0 : n / 2;
      EXPECT_EQ(socket->error("join-chat", from(after)), "");
      devices.push_back({std::move(socket), after});
    }
    post(ann, chat, "m" + std::to_string(n));
  }
  broker.set_fate({});
  broker.drop_connections();
  for (const auto& device : devices) {
    EXPECT_TRUE(wait_until([&] {
      const auto seqs = device.socket->seqs();
      return !seqs.empty() && seqs.back() == 41;
    }));
    EXPECT_EQ(device.socket->seqs(), upto(device.joined_after + 1, 41));
  }
}

}  // namespace
}  // namespace rubricon::gateway
