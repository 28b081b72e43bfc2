#include <rubricon/api/harness_test.hpp>

namespace rubricon::api {
namespace {

class MeRoutesTest : public ApiFixture {};

TEST_F(MeRoutesTest, TheProfileIsOnesOwnAndCanBeChanged) {
  const auto lin = sign_up("lin");
  EXPECT_EQ(get("/api/me", lin.token).body().at("id"), json::value(lin.id));
  const auto changed = send("PATCH", "/api/me", {{"name", "林"}, {"locale", "en"}}, lin.token);
  EXPECT_EQ(changed.status, 200u);
  EXPECT_EQ(changed.body().at("name"), json::value("林"));
  EXPECT_EQ(get("/api/me", lin.token).body().at("locale"), json::value("en"));
  EXPECT_EQ(send("PATCH", "/api/me", {{"name", "Lin"}}, lin.token).body().at("locale"),
            json::value("en"));
}

// S32: what one is cannot be set by oneself.
TEST_F(MeRoutesTest, RoleAddressAndIdCannotBeChanged) {
  sign_up("lin");
  const auto wang = sign_up("wang");
  for (const char* field : {"role", "email", "id", "createdAt", "password"}) {
    const auto reply = send("PATCH", "/api/me", {{"name", "x"}, {field, "admin"}}, wang.token);
    EXPECT_EQ(reply.status, 400u);
    EXPECT_EQ(reply.code(), "unknown_field");
  }
  EXPECT_EQ(send("PATCH", "/api/me", json::object(), wang.token).code(), "missing_field");
  EXPECT_EQ(get("/api/me", wang.token).body().at("role"), json::value("teacher"));
  EXPECT_EQ(get("/api/me", wang.token).body().at("name"), json::value("wang"));
}

TEST_F(MeRoutesTest, TheUserStreamTellsOfChatsThatComeAndGo) {
  const auto lin = sign_up("lin");
  const auto wang = sign_up("wang");
  const auto empty = get("/api/me/events", lin.token).body();
  EXPECT_EQ(empty.at("head"), json::value(0));
  const auto chat = new_chat(lin);
  share(lin, chat, wang, "viewer");
  const auto page = get("/api/me/events", wang.token).body();
  EXPECT_EQ(page.at("head"), json::value(1));
  EXPECT_EQ(page.at("events").at(0).at("type"), json::value("chat-added"));
  EXPECT_EQ(page.at("events").at(0).at("data").at("chatId"), json::value(chat));

  EXPECT_EQ(remove("/api/chat/" + chat + "/members/" + wang.id, lin.token).status, 204u);
  const auto after = get("/api/me/events?after=1&limit=10", wang.token).body();
  EXPECT_EQ(after.at("events").as_array().size(), 1u);
  EXPECT_EQ(after.at("events").at(0).at("type"), json::value("chat-removed"));
}

}  // namespace
}  // namespace rubricon::api
