// tests: gateway_parts.cpp
// tests: clients.cpp
// tests: rooms.cpp
// tests: client_events.cpp
// tests: presence_board.cpp
// tests: chat_lines.cpp
// tests: pause.cpp
#include <rubricon/gateway/gateway.hpp>

#include <rubricon/gateway/gateway_fixture_test.hpp>

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

#include <utility>

namespace rubricon::gateway {
namespace {

namespace json = boost::json;
using Seqs = std::vector<std::int64_t>;

class GatewayTest : public GatewayFixture {
 protected:
  json::object from(domain::ChatId id, std::int64_t after) {
    return object({{"chatId", id.to_string()}, {"epoch", 1}, {"after", after}});
  }

  domain::User ann = make_user("ann");
  domain::User bob = make_user("bob");
  domain::ChatId chat = make_chat(ann);
};

TEST_F(GatewayTest, lets_in_who_has_a_valid_token_and_tells_others_why_not) {
  const auto client = connect(ann);
  EXPECT_FALSE(client->closed());

  const auto nothing = dial();
  EXPECT_FALSE(nothing->connect(json::object()));
  EXPECT_EQ(nothing->refusal().at("code"), "unauthenticated");
  for (const auto* bad : {"", "x", "a.b.c"}) {
    const auto forged = dial();
    EXPECT_FALSE(forged->connect(std::string(bad)));
    EXPECT_EQ(forged->refusal().at("code"), "unauthenticated") << bad;
  }
  const auto old = token(ann);
  clock.advance(std::chrono::minutes(16));
  const auto late = dial();
  EXPECT_FALSE(late->connect(old));
  EXPECT_EQ(late->refusal().at("code"), "token_expired");

  const auto session = open_session(ann);
  const auto text = token(ann, session);
  revocations.revoke(session);
  const auto revoked = dial();
  EXPECT_FALSE(revoked->connect(text));
  EXPECT_EQ(revoked->refusal().at("code"), "session_revoked");
}

TEST_F(GatewayTest, a_message_reaches_every_device_that_has_joined) {
  add_member(ann, chat, bob);
  const auto phone = connect(ann);
  const auto desk = connect(ann);
  const auto other = connect(bob);
  const auto outside = connect(bob);
  for (auto* client : {phone.get(), desk.get(), other.get()}) {
    const auto ack = client->ask("join-chat", chat.to_string());
    EXPECT_EQ(ack, json::parse(R"({"ok":true,"epoch":1,"head":2})"));
  }
  const auto posted = post(ann, chat, "請設計評分規準");
  for (auto* client : {phone.get(), desk.get(), other.get()}) {
    const auto message = client->wait_for("new-msg");
    EXPECT_EQ(message.at("id"), Json(posted.id.to_string()).value);
    EXPECT_EQ(message.at("seq"), 3);
    EXPECT_EQ(message.at("role"), "USER");
    EXPECT_EQ(message.at("content"), "請設計評分規準");
    EXPECT_EQ(message.at("userId"), Json(ann.id.to_string()).value);
  }
  EXPECT_TRUE(outside->received("new-msg").empty());
}

TEST_F(GatewayTest, a_join_replays_what_was_missed_before_what_comes) {
  for (int n = 0; n < 5; ++n) post(ann, chat, "m" + std::to_string(n));
  const auto client = connect(ann);
  const auto ack = client->ask("join-chat", from(chat, 2));
  EXPECT_EQ(ack, json::parse(R"({"ok":true,"epoch":1,"head":6})"));
  post(ann, chat, "live");
  client->wait_for("new-msg", 5);
  EXPECT_EQ(client->seqs(), (Seqs{3, 4, 5, 6, 7}));
}

TEST_F(GatewayTest, a_join_from_another_epoch_or_the_future_asks_for_a_resync) {
  const auto client = connect(ann);
  auto request = from(chat, 1);
  request["epoch"] = 9;
  EXPECT_EQ(client->ask("join-chat", request).at("resync"), true);
  EXPECT_EQ(client->ask("join-chat", from(chat, 99)).at("resync"), true);
  EXPECT_EQ(client->ask("join-chat", from(chat, 1)).as_object().if_contains("resync"), nullptr);
}

TEST_F(GatewayTest, nobody_joins_what_is_not_theirs) {
  const auto stranger = connect(bob);
  EXPECT_EQ(stranger->error("join-chat", chat.to_string()), "not_found");
  EXPECT_EQ(stranger->error("join-chat", domain::ChatId().to_string()), "not_found");
  EXPECT_EQ(stranger->error("join-chat", "room"), "not_found");
  EXPECT_EQ(stranger->error("join-user", ann.id.to_string()), "forbidden");
  EXPECT_EQ(stranger->error("join-user", object({{"userId", ann.id.to_string()}, {"after", 0}})),
            "forbidden");
  EXPECT_EQ(stranger->error("join-user", "nobody"), "forbidden");
  // What comes later shows that nothing came before it.
  const auto own = make_chat(bob);
  EXPECT_EQ(stranger->error("join-chat", own.to_string()), "");
  post(ann, chat, "secret");
  post(bob, own, "later");
  EXPECT_EQ(stranger->wait_for("new-msg").at("content"), "later");
  EXPECT_TRUE(wait_until([&] {
    const auto lines = stranger->received("chat-updated");
    return !lines.empty() && !lines.back().at("lastMessage").is_null();
  }));
  for (const auto& line : stranger->received("chat-updated")) {
    EXPECT_EQ(line.at("chatId"), Json(own.to_string()).value);
  }
}

TEST_F(GatewayTest, malformed_events_get_an_error_and_harm_nobody) {
  const auto client = connect(ann);
  for (const auto* event : {"join-chat", "join-user", "leave-chat", "send-msg"}) {
    EXPECT_EQ(client->error(event, nullptr), "invalid_type") << event;
    EXPECT_EQ(client->error(event, 7), "invalid_type") << event;
    EXPECT_EQ(client->error(event, json::array{1, 2}), "invalid_type") << event;
  }
  EXPECT_EQ(client->error("join-chat", json::object()), "missing_field");
  EXPECT_EQ(client->error("auth", 7), "unauthenticated");
  EXPECT_EQ(client->error("no-such-event", 7), "unknown_event");
  EXPECT_EQ(client->ask("join-chat", chat.to_string()).at("ok"), true);
}

TEST_F(GatewayTest, a_join_that_another_or_a_leave_overtakes_is_answered_too) {
  const auto client = connect(ann);
  wait_for_user_room(ann);
  const auto superseded = [&](std::uint64_t begun) {
    return SocketClient::error_in(client->answer(begun)) == "conflict";
  };
  store.held = true;
  const auto first = client->begin("join-chat", chat.to_string());
  const auto second = client->begin("join-chat", from(chat, 0));
  EXPECT_TRUE(superseded(first));
  const auto first_own = client->begin("join-user", ann.id.to_string());
  const auto second_own = client->begin("join-user", ann.id.to_string());
  EXPECT_TRUE(superseded(first_own));
  store.held = false;
  EXPECT_EQ(client->answer(second).at("ok"), true);
  EXPECT_EQ(client->answer(second_own).at("ok"), true);
  store.held = true;
  const auto third = client->begin("join-chat", chat.to_string());
  const auto leave = client->begin("leave-chat", chat.to_string());
  EXPECT_TRUE(superseded(third));
  EXPECT_EQ(client->answer(leave).at("ok"), true);
  store.held = false;
  clock.advance(std::chrono::seconds(2));
  std::vector<std::uint64_t> quick;
  for (int n = 0; n < 40; ++n) quick.push_back(client->begin("join-chat", chat.to_string()));
  EXPECT_EQ(client->answer(quick.back()).at("ok"), true);
  for (const auto begun : quick) EXPECT_FALSE(client->answer(begun).is_null());
}

TEST_F(GatewayTest, left_chats_are_silent) {
  const auto client = connect(ann);
  const auto kept = make_chat(ann);
  client->ask("join-chat", chat.to_string());
  client->ask("join-chat", kept.to_string());
  EXPECT_EQ(client->ask("leave-chat", chat.to_string()).at("ok"), true);
  EXPECT_EQ(client->ask("leave-chat", object({{"chatId", chat.to_string()}})).at("ok"), true);
  post(ann, chat, "unheard");
  post(ann, kept, "heard");
  EXPECT_EQ(client->wait_for("new-msg").at("content"), "heard");
}

TEST_F(GatewayTest, old_clients_send_by_socket_and_only_as_themselves) {
  const auto client = connect(ann);
  client->ask("join-chat", chat.to_string());
  auto message = object({{"chatId", chat.to_string()},
                         {"content", "by socket"},
                         {"userId", ann.id.to_string()},
                         {"clientId", "c-1"}});
  const auto ack = client->ask("send-msg", message);
  EXPECT_EQ(ack.at("ok"), true);
  EXPECT_EQ(ack.at("seq"), 2);
  EXPECT_EQ(client->ask("send-msg", message), ack) << "the same clientId is the same message";
  relay();
  const auto event = client->wait_for("new-msg");
  EXPECT_EQ(event.at("id"), ack.at("id"));
  EXPECT_EQ(event.at("clientId"), "c-1");
  message["userId"] = bob.id.to_string();
  EXPECT_EQ(client->error("send-msg", message), "forbidden");
  message.erase("userId");
  message["content"] = "another";
  EXPECT_EQ(client->error("send-msg", message), "idempotency_mismatch");
  message["chatId"] = domain::ChatId().to_string();
  EXPECT_EQ(client->error("send-msg", message), "not_found");
}

TEST_F(GatewayTest, a_removed_member_hears_so_and_nothing_after_it) {
  add_member(ann, chat, bob);
  const auto stays = connect(ann);
  const auto goes = connect(bob);
  stays->ask("join-chat", chat.to_string());
  goes->ask("join-chat", chat.to_string());
  remove_member(ann, chat, bob);
  EXPECT_EQ(goes->wait_for("member-removed").at("userId"), Json(bob.id.to_string()).value);
  const auto own = make_chat(bob);
  EXPECT_EQ(goes->error("join-chat", own.to_string()), "");
  post(ann, chat, "among ourselves");
  post(bob, own, "later");
  stays->wait_for("new-msg");
  EXPECT_EQ(goes->wait_for("new-msg").at("content"), "later");
  EXPECT_EQ(goes->error("join-chat", from(chat, 0)), "not_found");
  EXPECT_FALSE(goes->closed());
}

TEST_F(GatewayTest, a_deleted_chat_is_over_for_everybody) {
  const auto client = connect(ann);
  client->ask("join-chat", chat.to_string());
  ASSERT_TRUE(run(database.chats().remove(ann.id, chat, soon())));
  relay();
  EXPECT_EQ(client->wait_for("chat-deleted").at("chatId"), Json(chat.to_string()).value);
  EXPECT_EQ(client->error("join-chat", chat.to_string()), "not_found");
}

TEST_F(GatewayTest, the_users_own_room_is_joined_by_itself_and_replayed_on_demand) {
  const auto client = connect(bob);
  wait_for_user_room(bob);
  add_member(ann, chat, bob);
  const auto added = client->wait_for("user-event");
  EXPECT_EQ(added.at("type"), "chat-added");
  EXPECT_EQ(added.at("seq"), 1);
  EXPECT_EQ(added.at("data").at("chatId"), Json(chat.to_string()).value);

  const auto later = connect(bob);
  const auto ack =
      later->ask("join-user", object({{"userId", bob.id.to_string()}, {"epoch", 1}, {"after", 0}}));
  EXPECT_EQ(ack, json::parse(R"({"ok":true,"epoch":1,"head":1})"));
  EXPECT_EQ(later->wait_for("user-event"), added);
  EXPECT_EQ(later->ask("join-user", bob.id.to_string()).at("head"), 1);
}

TEST_F(GatewayTest, members_hear_that_a_chat_changed_wherever_they_are) {
  add_member(ann, chat, bob);
  const auto client = connect(bob);
  post(ann, chat, "第一則");
  EXPECT_TRUE(wait_until([&] {
    return !client->received("chat-updated").empty() &&
           client->received("chat-updated").back().at("unread") == 1;
  }));
  const auto line = client->received("chat-updated").back();
  EXPECT_EQ(line.at("chatId"), Json(chat.to_string()).value);
  EXPECT_EQ(line.at("title"), "議論文");
  EXPECT_EQ(line.at("lastMessage").at("content"), "第一則");
  EXPECT_TRUE(client->received("new-msg").empty());
}

TEST_F(GatewayTest, heads_tell_where_each_joined_chat_stands) {
  const auto client = connect(ann);
  client->ask("join-chat", chat.to_string());
  EXPECT_EQ(client->wait_for("heads"), object({{chat.to_string(), 1}}));
  post(ann, chat, "one more");
  EXPECT_TRUE(wait_until(
      [&] { return client->received("heads").back() == object({{chat.to_string(), 2}}); }));
}

TEST_F(GatewayTest, typing_reaches_the_others_once_a_second) {
  add_member(ann, chat, bob);
  const auto typist = connect(ann);
  const auto second_device = connect(ann);
  const auto reader = connect(bob);
  for (auto* client : {typist.get(), second_device.get(), reader.get()}) {
    client->ask("join-chat", chat.to_string());
    client->ask("join-user", (client == reader.get() ? bob : ann).id.to_string());
  }
  for (int n = 0; n < 5; ++n) typist->emit("typing", object({{"chatId", chat.to_string()}}));
  EXPECT_EQ(reader->wait_for("typing").at("userId"), Json(ann.id.to_string()).value);
  // Answered after the typing before it; the message comes after both.
  typist->ask("join-user", ann.id.to_string());
  post(ann, chat, "typed");
  reader->wait_for("new-msg");
  second_device->wait_for("new-msg");
  EXPECT_EQ(reader->received("typing").size(), 1u);
  EXPECT_TRUE(second_device->received("typing").empty()) << "people know that they type";
  clock.advance(std::chrono::seconds(1));
  typist->emit("typing", object({{"chatId", chat.to_string()}}));
  EXPECT_FALSE(reader->wait_for("typing", 2).is_null());
  const auto eve = make_user("eve");
  const auto stranger = connect(eve);
  stranger->emit("typing", object({{"chatId", chat.to_string()}}));
  stranger->ask("join-user", eve.id.to_string());
  post(ann, chat, "later");
  reader->wait_for("new-msg", 2);
  EXPECT_EQ(reader->received("typing").size(), 2u) << "only members who have joined are heard";
}

TEST_F(GatewayTest, presence_names_who_has_the_chat_open) {
  add_member(ann, chat, bob);
  const auto first = connect(ann);
  first->ask("join-chat", chat.to_string());
  EXPECT_EQ(first->wait_for("presence").at("userIds"), json::array{Json(ann.id.to_string()).value});
  auto second = connect(bob);
  second->ask("join-chat", chat.to_string());
  json::array both{Json(ann.id.to_string()).value, Json(bob.id.to_string()).value};
  if (bob.id < ann.id) std::swap(both[0], both[1]);
  // The list that was on its way to the room when the second came may be its first.
  for (const auto& client : {first.get(), second.get()}) {
    client->wait_for("presence");
    EXPECT_TRUE(
        wait_until([&] { return client->received("presence").back().at("userIds") == both; }));
  }
  second->close();
  EXPECT_TRUE(wait_until([&] {
    return first->received("presence").back().at("userIds") ==
           json::array{Json(ann.id.to_string()).value};
  }));
}

class GatewayPresenceTest : public GatewayFixture {
 protected:
  static Options attentive() {
    auto options = quick();
    options.presence_refresh = base::Milliseconds(20);
    return options;
  }
  GatewayPresenceTest() : GatewayFixture(attentive()) {}
};

// MISSION part 2: who is not there any more is gone within a minute, whatever became of its server.
TEST_F(GatewayPresenceTest, who_is_there_stays_and_a_ghost_goes) {
  const auto ann = make_user("ann");
  const auto bob = make_user("bob");
  const auto chat = make_chat(ann);
  const auto here = [&] { return run(presence.of_chat(chat, soon())); };
  ASSERT_TRUE(run(presence.enter(chat, bob.id, "on a server that was killed", soon())));
  const auto client = connect(ann);
  client->ask("join-chat", chat.to_string());
  ASSERT_TRUE(wait_until([&] { return here().size() == 2; }));
  clock.advance(memory::PresenceMap::ttl + std::chrono::seconds(1));
  EXPECT_TRUE(wait_until([&] { return here() == std::vector{ann.id}; }));
  EXPECT_TRUE(wait_until([&] {
    return client->received("presence").back().at("userIds") ==
           json::array{Json(ann.id.to_string()).value};
  }));
}

TEST_F(GatewayTest, an_answer_in_progress_is_shown_to_late_joiners_from_its_beginning) {
  const ports::RunningAnswer running{chat, domain::JobId(), domain::Seq(2), 1, "評分"};
  run(answers.update(running, soon()));
  const auto client = connect(ann);
  client->ask("join-chat", chat.to_string());
  const auto so_far = client->wait_for("ai-delta");
  EXPECT_EQ(so_far.at("off"), 0);
  EXPECT_EQ(so_far.at("text"), "評分");
  ephemerals.publish({domain::StreamId(chat), "ai-delta", R"({"off":2,"text":"規準"})"});
  EXPECT_EQ(client->wait_for("ai-delta", 2).at("off"), 2);
}

TEST_F(GatewayTest, stored_events_cannot_be_forged_through_the_ephemeral_bus) {
  const auto client = connect(ann);
  client->ask("join-chat", chat.to_string());
  for (const auto* name : {"new-msg", "member-removed", "user-event", "upload-progress"}) {
    ephemerals.publish({domain::StreamId(chat), name, R"({"forged":true})"});
  }
  ephemerals.publish({domain::StreamId(ann.id), "new-msg", R"({"forged":true})"});
  ephemerals.publish({domain::StreamId(ann.id), "upload-progress", R"({"uploadId":"u"})"});
  EXPECT_EQ(client->wait_for("upload-progress").at("uploadId"), "u");
  for (const auto& event : client->received()) {
    const auto* payload = event.payload.if_object();
    EXPECT_FALSE(payload && payload->contains("forged")) << event.name;
  }
}

}  // namespace
}  // namespace rubricon::gateway
