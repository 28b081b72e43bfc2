// tests: client_events.cpp
// tests: wire.cpp
/// What strangers and broken clients say: each gets an answer, and nobody else notices.
#include <rubricon/gateway/client_events.hpp>
#include <rubricon/gateway/gateway_fixture_test.hpp>

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace rubricon::gateway {
namespace {

namespace json = boost::json;

/// `inner` within so many arrays.
std::string nested(int levels, const std::string& inner) {
  const auto count = static_cast<std::size_t>(levels);
  return std::string(count, '[') + inner + std::string(count, ']');
}

class GatewayInputTest : public GatewayFixture {
 protected:
  struct Case {
    std::string event;
    std::string argument;  ///< JSON text; MINE, OTHERS, ANN and BOB stand for ids
    std::string code;      ///< of the error
  };

  std::string with_ids(std::string text) const {
    const std::pair<std::string, std::string> names[] = {{"MINE", mine.to_string()},
                                                         {"OTHERS", others.to_string()},
                                                         {"ANN", ann.id.to_string()},
                                                         {"BOB", bob.id.to_string()}};
    for (const auto& [name, id] : names) {
      for (auto at = text.find(name); at != std::string::npos; at = text.find(name)) {
        text.replace(at, name.size(), id);
      }
    }
    return text;
  }

  /// Sends the text as it is, not as a JSON library would write it.
  void expect_error(SocketClient& client, const Case& bad) {
    clock.advance(std::chrono::seconds(1));  // not the rate is the matter here
    const auto ack = client.answer(client.begin_raw(bad.event, with_ids(bad.argument)));
    EXPECT_EQ(SocketClient::error_in(ack), bad.code)
        << bad.event << " " << bad.argument.substr(0, 100);
  }

  domain::User ann = make_user("ann");
  domain::User bob = make_user("bob");
  domain::ChatId mine = make_chat(ann);
  domain::ChatId others = make_chat(bob);
};

TEST_F(GatewayInputTest, whatever_is_wrong_is_answered_by_its_code_and_harms_nobody) {
  const std::string long_text(40'000, 'x');
  const std::vector<Case> cases = {
      // ids
      {"join-chat", R"("\u0000")", "not_found"},
      {"join-chat", R"("MINE\u0000")", "not_found"},
      {"join-chat", "\"" + std::string(7'000, 'a') + "\"", "not_found"},
      {"join-chat", R"("")", "not_found"},
      {"join-chat", R"({"chatId":""})", "missing_field"},
      {"join-chat", R"("\ud800")", "not_found"},
      {"join-chat", R"("OTHERS")", "not_found"},
      {"join-chat", R"({"chatId":"OTHERS","epoch":1,"after":0})", "not_found"},
      {"join-chat", R"({"chatId":["MINE"]})", "invalid_type"},
      {"join-chat", "{\"chatId\":" + nested(50, "1") + "}", "invalid_type"},
      {"join-chat", nested(50, "{}"), "invalid_type"},
      {"join-chat", R"({"chatId":"MINE","after":-1})", "invalid_type"},
      {"join-chat", R"({"chatId":"MINE","after":"0"})", "invalid_type"},
      {"join-chat", R"({"chatId":"MINE","after":1.5})", "invalid_type"},
      {"join-chat", R"({"chatId":"MINE","after":1e300})", "invalid_type"},
      {"join-chat", R"({"chatId":"MINE","epoch":true})", "invalid_type"},
      {"join-user", R"("BOB")", "forbidden"},
      {"join-user", R"("\u0000")", "forbidden"},
      {"join-user", R"({"userId":"BOB","after":0})", "forbidden"},
      {"leave-chat", "true", "invalid_type"},
      {"auth", R"({"token":"\u0000"})", "unauthenticated"},
      {"auth", R"({"token":")" + std::string(5'000, 'a') + "\"}", "unauthenticated"},
      // messages
      {"send-msg", R"({"chatId":"MINE"})", "missing_field"},
      {"send-msg", R"({"content":"x"})", "missing_field"},
      {"send-msg", R"({"chatId":"MINE","content":null})", "invalid_type"},
      {"send-msg", R"({"chatId":"MINE","content":7})", "invalid_type"},
      {"send-msg", R"({"chatId":"MINE","content":{"a":"x"}})", "invalid_type"},
      {"send-msg", R"({"chatId":"MINE","content":)" + nested(50, "\"x\"") + "}", "invalid_type"},
      {"send-msg", R"({"chatId":"MINE","content":""})", "empty"},
      {"send-msg", R"({"chatId":"MINE","content":" \n\u3000"})", "empty"},
      {"send-msg", R"({"chatId":"MINE","content":"a\u0000b"})", "nul"},
      {"send-msg", R"({"chatId":"MINE","content":")" + long_text + "\"}", "content_too_long"},
      {"send-msg", R"({"chatId":"MINE","content":"x","role":"AI"})", "unknown_field"},
      {"send-msg", R"({"chatId":"MINE","content":"x","userId":"BOB"})", "forbidden"},
      {"send-msg", R"({"chatId":"MINE","content":"x","userId":"\u0000"})", "forbidden"},
      {"send-msg", R"({"chatId":"OTHERS","content":"x"})", "not_found"},
      {"send-msg", R"({"chatId":"","content":"x"})", "not_found"},
      {"send-msg", R"({"chatId":"MINE","content":"x","clientId":7})", "invalid_type"},
      {"send-msg", R"({"chatId":"MINE","content":"x","clientId":"a b"})", "invalid_key"},
      {"send-msg", R"({"chatId":"MINE","content":"x","clientId":"\u8a55"})", "invalid_key"},
      {"send-msg", R"({"chatId":"MINE","content":"x","clientId":")" + std::string(65, 'k') + "\"}",
       "invalid_key"},
  };
  const auto client = connect(ann);
  const auto witness = connect(bob);
  EXPECT_EQ(witness->error("join-chat", others.to_string()), "");
  EXPECT_EQ(client->error("join-chat", mine.to_string()), "");
  for (const auto& bad : cases) expect_error(*client, bad);
  EXPECT_FALSE(client->closed());
  clock.advance(std::chrono::seconds(1));
  const auto ack = client->answer(client->begin_raw(
      "send-msg", with_ids(R"({"chatId":"MINE","content":"x","userId":"ANN","role":"USER",)"
                           R"("mine":{"a":[1]}})")));
  EXPECT_EQ(ack.at("seq"), 2) << "fields of old clients are ignored, and nothing else was stored";
  relay();
  post(bob, others, "undisturbed");
  EXPECT_EQ(client->wait_for("new-msg").at("content"), "x");
  EXPECT_EQ(witness->wait_for("new-msg").at("content"), "undisturbed");
}

// Goal: an event without a contract would have no case in tests/security/isolation.test.mjs either,
// which takes its list from there.
TEST(ClientEvents, are_those_of_the_contract) {
  std::ifstream file(RUBRICON_SOURCE_DIR "/contract/events.schema.json");
  const auto contract = json::parse(
      std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()));
  std::set<std::string> described;
  for (const auto& event : contract.at("properties").at("client").at("properties").as_object()) {
    described.emplace(event.key());
  }
  const auto names = ClientEvents::names();
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()), described);
}

TEST_F(GatewayInputTest, what_is_no_packet_ends_the_connection_and_no_other) {
  const auto witness = connect(bob);
  EXPECT_EQ(witness->error("join-chat", others.to_string()), "");
  for (const auto& text :
       {"42[\"join-chat\"," + nested(100, "1") + "]", std::string(R"(42["join-chat",{"chatId":)"),
        std::string("42{}"), std::string("42[]"), std::string(R"(42["connect"])"),
        std::string(R"(4299999999999999999999["join-chat","x"])"), std::string("9"),
        std::string("451-[\"join-chat\"]")}) {
    const auto client = connect(ann);
    client->send_text(text);
    client->send_text("42[\"join-chat\",\"x\"]");
    EXPECT_TRUE(wait_until([&] { return client->closed(); })) << text.substr(0, 60);
  }
  post(bob, others, "undisturbed");
  EXPECT_EQ(witness->wait_for("new-msg").at("content"), "undisturbed");
}

}  // namespace
}  // namespace rubricon::gateway
