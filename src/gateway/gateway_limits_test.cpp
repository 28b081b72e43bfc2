// tests: connection_quota.cpp
// tests: door.cpp
// tests: revocation_watch.cpp
/// Tokens that end, clients that do too much, servers that go.
#include <rubricon/gateway/gateway_fixture_test.hpp>

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

namespace rubricon::gateway {
namespace {

namespace json = boost::json;

class GatewayLimitsTest : public GatewayFixture {
 protected:
  /// Each tick looks at tokens, then tells the heads in turn to those who have joined a chat.
  static void look_at_tokens(SocketClient& client) {
    EXPECT_FALSE(client.wait_for("heads", client.received("heads").size() + 2).is_null());
  }

  domain::User ann = make_user("ann");
  domain::User bob = make_user("bob");
  domain::ChatId chat = make_chat(ann);
};

TEST_F(GatewayLimitsTest, a_token_is_renewed_on_the_open_socket_but_only_by_its_user) {
  const auto client = connect(ann);
  client->ask("join-chat", chat.to_string());
  clock.advance(std::chrono::minutes(14));
  EXPECT_EQ(client->error("auth", object({{"token", token(bob)}})), "forbidden");
  EXPECT_EQ(client->error("auth", object({{"token", "x"}})), "unauthenticated");
  EXPECT_EQ(client->ask("auth", object({{"token", token(ann)}})), json::parse(R"({"ok":true})"));
  clock.advance(std::chrono::minutes(14));
  look_at_tokens(*client);
  EXPECT_FALSE(client->closed());
  EXPECT_EQ(client->ask("join-chat", chat.to_string()).at("ok"), true);
}

TEST_F(GatewayLimitsTest, an_expired_token_leaves_25_seconds_to_renew_it) {
  const auto lazy = connect(ann);
  const auto late = connect(ann);
  lazy->ask("join-chat", chat.to_string());
  clock.advance(std::chrono::minutes(15) + std::chrono::seconds(20));
  look_at_tokens(*lazy);
  EXPECT_FALSE(lazy->closed());
  EXPECT_EQ(lazy->error("join-chat", chat.to_string()), "token_expired");
  EXPECT_EQ(lazy->error("send-msg", object({{"chatId", chat.to_string()}, {"content", "x"}})),
            "token_expired");
  EXPECT_EQ(late->ask("auth", object({{"token", token(ann)}})).at("ok"), true);
  clock.advance(std::chrono::seconds(6));
  EXPECT_TRUE(wait_until([&] { return lazy->closed(); }));
  EXPECT_EQ(lazy->wait_for("server-closing"),
            json::parse(R"({"code":"token_expired","comeBack":true})"));
  EXPECT_FALSE(lazy->told_to_stay_away());
  EXPECT_FALSE(late->closed());
}

TEST_F(GatewayLimitsTest, a_revoked_session_loses_its_sockets_at_once_and_no_others) {
  const auto session = open_session(ann);
  const auto lost = connect_with(token(ann, session));
  const auto other = connect(ann);
  other->ask("join-user", ann.id.to_string());
  ASSERT_TRUE(run(database.sessions().revoke(ann.id, session, soon())));
  relay();
  EXPECT_TRUE(wait_until([&] { return lost->closed(); }));
  EXPECT_EQ(other->wait_for("user-event").at("type"), "session-revoked");
  EXPECT_TRUE(lost->told_to_stay_away());
  EXPECT_FALSE(other->closed());
  EXPECT_TRUE(revocations.revoked(session));
  const auto again = dial();
  EXPECT_FALSE(again->connect(token(ann, session)));
}

TEST_F(GatewayLimitsTest, what_was_revoked_while_nobody_listened_is_known_before_anybody_enters) {
  const auto session = open_session(ann);
  const auto text = token(ann, session);
  stop_gateway();
  ASSERT_TRUE(run(database.sessions().revoke(ann.id, session, soon())));
  start_gateway();
  const auto client = dial();
  EXPECT_FALSE(client->connect(text));
  EXPECT_EQ(client->refusal().at("code"), "session_revoked");
}

TEST_F(GatewayLimitsTest, a_revocation_that_the_broker_lost_is_found_in_the_store) {
  const auto session = open_session(ann);
  const auto client = connect_with(token(ann, session));
  broker.set_fate([](const domain::Event&) { return memory::Fate::lose; });
  ASSERT_TRUE(run(database.sessions().revoke(ann.id, session, soon())));
  relay();
  EXPECT_TRUE(wait_until([&] { return client->closed(); }));
}

TEST_F(GatewayLimitsTest, too_many_events_are_refused_and_then_end_the_connection) {
  const auto client = connect(ann);
  int refused = 0;
  for (int n = 0; n < 60; ++n) {
    if (client->error("leave-chat", chat.to_string()) == "rate_limited") ++refused;
  }
  EXPECT_EQ(refused, 20) << "beyond the burst of 40";
  EXPECT_FALSE(client->closed());
  for (int n = 0; n < 30 && !client->closed(); ++n) client->ask("leave-chat", chat.to_string());
  EXPECT_TRUE(client->closed());
  EXPECT_EQ(client->wait_for("server-closing").at("code"), "too_many_events");
}

TEST_F(GatewayLimitsTest, a_user_has_twenty_sockets_at_most) {
  std::vector<std::unique_ptr<SocketClient>> sockets;
  for (int n = 0; n < 20; ++n) sockets.push_back(connect(ann));
  const auto one_more = dial();
  EXPECT_FALSE(one_more->connect(token(ann)));
  EXPECT_EQ(one_more->refusal().at("code"), "too_many_connections");
  EXPECT_TRUE(connect(bob)) << "others are not concerned";
  sockets.pop_back();
  EXPECT_TRUE(wait_until([&] { return dial()->connect(token(ann)); }));
}

TEST_F(GatewayLimitsTest, oversized_events_end_the_connection) {
  for (const auto* name : {"join-chat", "typing", "no-such-event"}) {
    const auto client = connect(ann);
    client->emit(name, std::string(9'000, 'x'));
    EXPECT_TRUE(wait_until([&] { return client->closed(); })) << name;
    EXPECT_EQ(client->wait_for("server-closing"),
              json::parse(R"({"code":"too_large","comeBack":false})"));
    EXPECT_TRUE(client->told_to_stay_away()) << "it would only send it again";
  }
}

TEST_F(GatewayLimitsTest, a_message_is_as_long_as_for_post_whatever_its_escapes_take) {
  const auto client = connect(ann);
  const auto message = [&](std::string content) {
    return object({{"chatId", chat.to_string()}, {"content", std::move(content)}});
  };
  // 180 KB on the wire: each byte is written as \u0001.
  EXPECT_EQ(client->error("send-msg", message(std::string(30'000, '\x01'))), "");
  EXPECT_EQ(client->error("send-msg", message(std::string(140'000, 'x'))), "content_too_long");
  EXPECT_FALSE(client->closed());
}

TEST_F(GatewayLimitsTest, a_drain_tells_everybody_when_to_come_back_and_ends_all_connections) {
  std::vector<std::unique_ptr<SocketClient>> sockets;
  for (int n = 0; n < 4; ++n) sockets.push_back(connect(ann));
  run(gateway->drain());
  EXPECT_FALSE(gateway->ready());
  std::int64_t last = -1;
  int later = 0;
  for (const auto& socket : sockets) {
    EXPECT_TRUE(wait_until([&] { return socket->closed(); }));
    const auto after = socket->wait_for("server-draining").at("afterMs").as_int64();
    EXPECT_LT(after, 20);
    if (after != last) ++later;
    last = after;
    EXPECT_FALSE(socket->told_to_stay_away());
  }
  EXPECT_EQ(later, 4) << "not all at once";
}

/// Nothing is looked at by itself.
class LongTickTest : public GatewayFixture {
 protected:
  static Options long_tick() {
    auto options = quick();
    options.tick = std::chrono::hours(1);
    return options;
  }
  LongTickTest() : GatewayFixture(long_tick()) {}

  domain::User ann = make_user("ann");
  domain::ChatId chat = make_chat(ann);
};

TEST_F(LongTickTest, a_revocation_that_the_broker_lost_is_found_when_it_comes_back) {
  const auto session = open_session(ann);
  const auto client = connect_with(token(ann, session));
  broker.set_fate([](const domain::Event&) { return memory::Fate::lose; });
  ASSERT_TRUE(run(database.sessions().revoke(ann.id, session, soon())));
  relay();
  EXPECT_EQ(client->ask("join-chat", chat.to_string()).at("ok"), true) << "nobody knows yet";
  broker.drop_connections();
  EXPECT_TRUE(wait_until([&] { return client->closed(); }));
}

class FewReadsTest : public GatewayFixture {
 protected:
  static Options few() {
    auto options = quick();
    options.limits.store_reads = 1;
    options.limits.store_reads_waiting = 2;
    options.limits.queue_bytes_replay = 0;
    return options;
  }
  FewReadsTest() : GatewayFixture(few()) {}

  domain::User ann = make_user("ann");
};

TEST_F(FewReadsTest, joins_beyond_the_queue_are_told_to_try_again_and_those_who_left_ask_nothing) {
  std::vector<std::string> ids;
  for (int n = 0; n < 5; ++n) ids.push_back(make_chat(ann).to_string());
  const auto client = connect(ann);
  wait_for_user_room(ann);
  store.held = true;
  const auto running = client->begin("join-chat", ids[0]);
  const auto left = client->begin("join-chat", ids[1]);
  const auto waiting = client->begin("join-chat", ids[2]);
  EXPECT_EQ(client->error("join-chat", ids[3]), "unavailable");
  EXPECT_EQ(client->ask("leave-chat", ids[1]).at("ok"), true);
  const auto last = client->begin("join-chat", ids[4]);
  store.held = false;
  for (const auto begun : {running, waiting, last}) {
    EXPECT_EQ(SocketClient::error_in(client->answer(begun)), "");
  }
  EXPECT_EQ(SocketClient::error_in(client->answer(left)), "conflict");
  EXPECT_EQ(chats.memberships, 3) << "the store is not asked for those who have left";
  EXPECT_EQ(client->error("join-chat", ids[3]), "");
}

TEST_F(FewReadsTest, the_time_for_an_answer_runs_while_the_question_waits) {
  const auto first = make_chat(ann);
  const auto second = make_chat(ann);
  const auto client = connect(ann);
  wait_for_user_room(ann);
  store.held = true;
  client->begin("join-chat", first.to_string());
  const auto waits = client->begin("join-chat", second.to_string());
  wait_for_client_events(2);
  clock.advance(std::chrono::seconds(6));
  store.held = false;
  EXPECT_EQ(SocketClient::error_in(client->answer(waits)), "unavailable");
  EXPECT_EQ(chats.memberships, 1);
}

TEST_F(FewReadsTest, joining_and_leaving_while_nothing_can_be_sent_piles_up_nothing) {
  const auto busy = make_chat(ann);
  const auto client = connect(ann);
  wait_for_user_room(ann);
  client->ask("join-chat", busy.to_string());
  client->stop_reading();
  const auto& replays = metrics.gauge("rubricon_gateway_replays_waiting", "");
  const auto sent = [&] { return server->of("/").find(client->id())->queued_bytes() == 0; };
  // Until the network takes no more.
  for (int batch = 0; batch < 60 && run_until(io, sent, std::chrono::milliseconds(200)); ++batch) {
    post_many(ann, busy, std::string(32'000, 'x'), 10);
  }
  ASSERT_FALSE(sent());
  const auto other = make_chat(ann);
  for (int n = 0; n < 3; ++n) {
    client->emit("join-chat", object({{"chatId", other.to_string()}, {"after", 0}}));
    EXPECT_TRUE(wait_until([&] { return replays.value() == 1; }));
    client->emit("leave-chat", other.to_string());
    EXPECT_TRUE(wait_until([&] { return replays.value() == 0; }));
  }
  EXPECT_FALSE(client->closed());
}

class FewRoomsTest : public GatewayFixture {
 protected:
  static Options few() {
    auto options = quick();
    options.limits.rooms_per_socket = 2;
    options.limits.connects_per_second_and_address = 3;
    return options;
  }
  FewRoomsTest() : GatewayFixture(few()) {}
  domain::User ann = make_user("ann");
};

TEST_F(FewRoomsTest, a_socket_joins_so_many_rooms_and_an_address_connects_so_often) {
  const auto client = connect(ann);
  const auto first = make_chat(ann);
  EXPECT_EQ(client->error("join-chat", first.to_string()), "");
  EXPECT_EQ(client->error("join-chat", make_chat(ann).to_string()), "");
  EXPECT_EQ(client->error("join-chat", make_chat(ann).to_string()), "too_many_rooms");
  EXPECT_EQ(client->error("join-chat", first.to_string()), "") << "again is not more";
  const auto second = connect(ann);
  const auto third = connect(ann);
  const auto fourth = dial();
  EXPECT_FALSE(fourth->connect(token(ann)));
  EXPECT_TRUE(fourth->closed()) << "before it could say who it is: it will come back by itself";
  clock.advance(std::chrono::seconds(1));
  EXPECT_TRUE(connect(ann));
}

/// The default, which is what the Socket.IO server's limit is made for.
class ManyRoomsTest : public GatewayFixture {
 protected:
  static Options many() {
    auto options = quick();
    options.limits.events_burst = 10'000;
    return options;
  }
  ManyRoomsTest() : GatewayFixture(many()) {}
};

TEST_F(ManyRoomsTest, a_socket_in_as_many_chats_as_allowed_hears_each_of_them) {
  const auto ann = make_user("ann");
  const auto client = connect(ann);
  wait_for_user_room(ann);
  std::vector<domain::ChatId> chats;
  for (std::size_t n = 0; n < gateway_options.limits.rooms_per_socket; ++n) {
    chats.push_back(make_chat(ann));
    EXPECT_EQ(client->error("join-chat", chats.back().to_string()), "");
  }
  EXPECT_EQ(client->error("join-chat", make_chat(ann).to_string()), "too_many_rooms");
  for (const auto chat : chats) post(ann, chat, "heard");
  EXPECT_FALSE(client->wait_for("new-msg", chats.size()).is_null());
}

class GatewayQuotaTest : public GatewayFixture {
 protected:
  static Options impatient() {
    auto options = quick();
    options.limits.sockets_per_user = 2;
    options.connections_refresh = base::Milliseconds(20);
    return options;
  }
  GatewayQuotaTest() : GatewayFixture(impatient()) {}

  std::string key() const { return "user:" + ann.id.to_string(); }
  bool enter(const std::string& name) { return run(connections.enter(key(), name, 2, soon())); }
  bool full() {
    const bool room = enter("probe");
    run(connections.leave(key(), "probe", soon()));
    return !room;
  }
  /// Until everybody has been counted at the present time.
  void look_at(SocketClient& client) {
    EXPECT_FALSE(client.wait_for("heads", client.received("heads").size() + 2).is_null());
  }

  domain::User ann = make_user("ann");
  domain::ChatId chat = make_chat(ann);
};

TEST_F(GatewayQuotaTest, who_is_one_too_many_over_all_gateways_is_closed_in_a_while) {
  ASSERT_TRUE(enter("elsewhere"));
  const auto first = connect(ann);
  EXPECT_TRUE(wait_until([&] { return full(); }));
  const auto late = connect(ann);
  for (const auto& client : {first.get(), late.get()}) client->ask("join-chat", chat.to_string());
  for (const int seconds : {30, 30}) {
    look_at(*late);
    EXPECT_FALSE(late->closed());
    clock.advance(std::chrono::seconds(seconds));
    ASSERT_TRUE(enter("elsewhere"));
  }
  clock.advance(std::chrono::seconds(10));
  ASSERT_TRUE(enter("elsewhere"));
  EXPECT_TRUE(wait_until([&] { return late->closed(); }));
  EXPECT_EQ(late->wait_for("server-closing"),
            json::parse(R"({"code":"too_many_connections","comeBack":false})"));
  EXPECT_TRUE(late->told_to_stay_away());
  look_at(*first);
  EXPECT_FALSE(first->closed());
}

// Goal: a gateway dies, and all its clients come to this one while it still is counted.
TEST_F(GatewayQuotaTest, connections_of_a_dead_gateway_close_nobody) {
  ASSERT_TRUE(enter("of the dead") && enter("of the dead too"));
  const auto client = connect(ann);
  client->ask("join-chat", chat.to_string());
  for (int n = 0; n < 5; ++n) {
    look_at(*client);
    clock.advance(std::chrono::seconds(20));
  }
  look_at(*client);
  EXPECT_FALSE(client->closed());
  EXPECT_TRUE(enter("another"));
  EXPECT_FALSE(enter("one too many")) << "the client counts";
}

TEST_F(GatewayQuotaTest, who_leaves_makes_room) {
  const auto first = connect(ann);
  const auto second = connect(ann);
  EXPECT_TRUE(wait_until([&] { return full(); }));
  second->close();
  EXPECT_TRUE(wait_until([&] { return !full(); }));
}

}  // namespace
}  // namespace rubricon::gateway
