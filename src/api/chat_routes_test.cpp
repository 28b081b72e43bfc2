#include <rubricon/api/harness_test.hpp>

namespace rubricon::api {
namespace {

class ChatRoutesTest : public ApiFixture {
 protected:
  std::vector<std::string> titles(const std::string& query, const std::string& token) {
    std::vector<std::string> result;
    for (const auto& chat : get("/api/chat" + query, token).body().at("chats").as_array()) {
      result.emplace_back(chat.at("title").as_string());
    }
    return result;
  }
};

TEST_F(ChatRoutesTest, ANewChatIsEmptyAndOnesOwn) {
  const auto lin = sign_up("lin");
  const json::object draft{{"title", "  八年級議論文 "}, {"context", {{"grade", 8}}}};
  const auto reply = send("POST", "/api/chat", draft, lin.token);
  ASSERT_EQ(reply.status, 201u);
  const auto id = std::string(reply.body().at("id").as_string());
  EXPECT_EQ(reply.header("Location"), "/api/chat/" + id);
  EXPECT_EQ(reply.body().at("title"), json::value("八年級議論文"));
  EXPECT_EQ(reply.body().at("head"), json::value(1));

  const auto view = get("/api/chat/" + id, lin.token).body();
  EXPECT_EQ(view.at("role"), json::value("owner"));
  EXPECT_EQ(view.at("context").at("grade"), json::value(8));
  EXPECT_EQ(view.at("members").as_array().size(), 1u);
  EXPECT_TRUE(view.at("msgs").as_array().empty());
  EXPECT_TRUE(view.at("rubric").is_null());
  EXPECT_EQ(send("POST", "/api/chat", json::object(), lin.token).body().at("title"),
            json::value(""));
}

TEST_F(ChatRoutesTest, TheSameKeyMakesOneChat) {
  const auto lin = sign_up("lin");
  const auto create = [&](const std::string& key, const json::object& body) {
    return call({.method = "POST",
                 .target = "/api/chat",
                 .body = json::serialize(body),
                 .token = lin.token,
                 .headers = {{"Idempotency-Key", key}}});
  };
  const auto first = create("k1", {{"title", "one"}});
  const auto again = create("k1", {{"title", "one"}});
  EXPECT_EQ(again.status, 201u);
  EXPECT_EQ(again.body().at("id"), first.body().at("id"));
  const auto other = create("k1", {{"title", "two"}});
  EXPECT_EQ(other.status, 422u);
  EXPECT_EQ(other.code(), "idempotency_mismatch");
  EXPECT_NE(create("k2", {{"title", "one"}}).body().at("id"), first.body().at("id"));
  EXPECT_EQ(create("two words", {{"title", "one"}}).code(), "invalid_key");
  EXPECT_EQ(titles("", lin.token).size(), 2u);
}

TEST_F(ChatRoutesTest, ListsComeByPagesNewestFirst) {
  const auto lin = sign_up("lin");
  for (int i = 0; i < 7; ++i) {
    new_chat(lin, {{"title", std::to_string(i)}});
    clock.advance(std::chrono::seconds(1));
  }
  std::vector<std::string> seen;
  std::string cursor;
  for (int pages = 0; pages < 4; ++pages) {
    const auto page = get("/api/chat?limit=3" + cursor, lin.token).body();
    for (const auto& chat : page.at("chats").as_array()) {
      seen.emplace_back(chat.at("title").as_string());
    }
    if (page.at("nextCursor").is_null()) break;
    cursor = "&cursor=" + std::string(page.at("nextCursor").as_string());
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"6", "5", "4", "3", "2", "1", "0"}));
  EXPECT_EQ(get("/api/chat?cursor=garbage", lin.token).code(), "bad_cursor");
}

TEST_F(ChatRoutesTest, AListShowsTheLastMessageAndWhatIsUnread) {
  const auto lin = sign_up("lin"), wang = sign_up("wang");
  const auto chat = new_chat(lin, {{"title", "shared"}});
  share(lin, chat, wang, "editor");
  say(lin, chat, "first");
  say(lin, chat, "second");
  const auto theirs = get("/api/chat", wang.token).body().at("chats").at(0).as_object();
  EXPECT_EQ(theirs.at("unread"), json::value(2));
  EXPECT_EQ(theirs.at("role"), json::value("editor"));
  EXPECT_EQ(theirs.at("msgs").at(0).at("content"), json::value("second"));
  EXPECT_EQ(get("/api/chat", lin.token).body().at("chats").at(0).at("unread"), json::value(0));

  const auto head = theirs.at("head").as_int64();
  const auto mark = [&](std::int64_t seq) {
    EXPECT_EQ(send("PUT", "/api/chat/" + chat + "/read", {{"seq", seq}}, wang.token).status, 204u);
    return get("/api/chat", wang.token).body().at("chats").at(0).at("unread").as_int64();
  };
  EXPECT_EQ(mark(head - 1), 1);
  EXPECT_EQ(mark(1), 1) << "never back";
  EXPECT_EQ(mark(head + 1000), 0) << "never beyond the head";
  say(lin, chat, "third");
  EXPECT_EQ(get("/api/chat", wang.token).body().at("chats").at(0).at("unread"), json::value(1));
}

TEST_F(ChatRoutesTest, AnAnswerIsGivenAgainForOneQuestionAsLongAsItHolds) {
  const auto lin = sign_up("lin"), wang = sign_up("wang");
  const auto chat = new_chat(lin, {{"title", "shared"}});
  share(lin, chat, wang, "editor");
  const Call list{.target = "/api/chat", .token = wang.token};
  const Call open{.target = "/api/chat/" + chat, .token = wang.token};
  const auto both = [&] { return std::pair(call(list).text, call(open).text); };
  const auto first = both();
  EXPECT_EQ(work_of(list).read_statements, 1u);
  EXPECT_LE(work_of(open).read_statements, 4u) << "begin, state, members, end";
  EXPECT_EQ(both(), first);

  say(lin, chat, "news");
  const auto second = both();
  EXPECT_NE(second.first.find("news"), std::string::npos);
  EXPECT_NE(second.second.find("news"), std::string::npos);
  EXPECT_EQ(both(), second);

  EXPECT_EQ(send("PATCH", "/api/me", {{"name", "Lin Mei"}}, lin.token).status, 200u);
  EXPECT_NE(call(open).text.find("Lin Mei"), std::string::npos);

  EXPECT_EQ(remove("/api/chat/" + chat + "/members/" + wang.id, lin.token).status, 204u);
  EXPECT_EQ(call(open).status, 404u);
  EXPECT_EQ(call(list).text.find("news"), std::string::npos);
  EXPECT_NE(get("/api/chat/" + chat, lin.token).text.find("news"), std::string::npos);
}

TEST_F(ChatRoutesTest, OpeningAChatAgainDoesNotReadItsMessagesAgainUntilSomethingHappened) {
  const auto owner = sign_up("owner");
  const auto chat = new_chat(owner);
  for (int i = 1; i <= 25; ++i) say(owner, chat, "m" + std::to_string(i));
  const Call open{.target = "/api/chat/" + chat, .token = owner.token};
  const auto first = work_of(open).read_statements;
  EXPECT_LT(work_of(open).read_statements, first);
  const auto messages = call(open).body().at("msgs").as_array();
  ASSERT_EQ(messages.size(), 20U);
  EXPECT_EQ(messages.front().at("content"), json::value("m6"));
  EXPECT_EQ(messages.back().at("content"), json::value("m25"));
  say(owner, chat, "m26");
  EXPECT_EQ(call(open).body().at("msgs").as_array().back().at("content"), json::value("m26"));
}

TEST_F(ChatRoutesTest, SearchFindsTitlesAndMessagesInBothLanguages) {
  const auto lin = sign_up("lin");
  const auto essay = new_chat(lin, {{"title", "議論文評分"}});
  const auto speech = new_chat(lin, {{"title", "Speech"}});
  say(lin, speech, "請設計演講的評分規準");
  EXPECT_EQ(titles("?q=%E8%AD%B0%E8%AB%96", lin.token), (std::vector<std::string>{"議論文評分"}));
  EXPECT_EQ(titles("?q=%E6%BC%94%E8%AC%9B", lin.token), (std::vector<std::string>{"Speech"}));
  EXPECT_TRUE(titles("?q=nothing", lin.token).empty());
  const auto wang = sign_up("wang");
  EXPECT_TRUE(titles("?q=%E6%BC%94%E8%AC%9B", wang.token).empty());
}

TEST_F(ChatRoutesTest, RenamingPinningAndContextHaveTheirRights) {
  const auto lin = sign_up("lin"), viewer = sign_up("viewer");
  const auto chat = "/api/chat/" + new_chat(lin, {{"title", "old"}});
  share(lin, chat.substr(10), viewer, "viewer");
  const auto renamed = send("PATCH", chat, {{"title", "new"}}, lin.token);
  EXPECT_EQ(renamed.status, 200u);
  EXPECT_EQ(renamed.body().at("title"), json::value("new"));
  const auto head = renamed.body().at("head").as_int64();
  EXPECT_EQ(send("PATCH", chat, {{"title", "new"}}, lin.token).body().at("head"), json::value(head))
      << "no change, no event";
  EXPECT_EQ(send("PATCH", chat, {{"title", "x"}}, viewer.token).status, 403u);
  EXPECT_EQ(send("PATCH", chat, {{"pinned", true}}, viewer.token).body().at("pinned"),
            json::value(true));
  EXPECT_EQ(get(chat, lin.token).body().at("pinned"), json::value(false));
  EXPECT_EQ(send("PATCH", chat, json::object(), lin.token).code(), "missing_field");
  EXPECT_EQ(send("PATCH", chat, {{"owner", viewer.id}}, lin.token).code(), "unknown_field");
}

TEST_F(ChatRoutesTest, ContextIsAnObjectOfAtMostEightKibibytes) {
  const auto lin = sign_up("lin");
  const auto chat = "/api/chat/" + new_chat(lin);
  const auto patch = [&](json::value context) {
    return send("PATCH", chat, {{"context", std::move(context)}}, lin.token);
  };
  EXPECT_EQ(patch({{"notes", std::string(8000, 'x')}}).status, 200u);
  const auto too_long = patch({{"notes", std::string(8192, 'x')}});
  EXPECT_EQ(too_long.status, 413u);
  EXPECT_EQ(too_long.code(), "context_too_long");
  EXPECT_EQ(patch("text").code(), "invalid_type");
  EXPECT_EQ(patch(json::array{}).code(), "invalid_type");
}

TEST_F(ChatRoutesTest, DeletingHidesAChatFromAllAndRestoringBringsItBack) {
  const auto lin = sign_up("lin"), wang = sign_up("wang");
  const auto id = new_chat(lin, {{"title", "x"}});
  const auto chat = "/api/chat/" + id;
  share(lin, id, wang, "editor");
  EXPECT_EQ(remove(chat, wang.token).status, 403u);
  EXPECT_EQ(remove(chat, lin.token).status, 204u);
  EXPECT_EQ(get(chat, lin.token).status, 404u);
  EXPECT_EQ(get(chat, wang.token).status, 404u);
  EXPECT_TRUE(titles("", wang.token).empty());
  EXPECT_EQ(remove(chat, lin.token).status, 404u);
  EXPECT_EQ(send("POST", chat + "/restore", {{"x", 1}}, lin.token).code(), "unknown_field");
  EXPECT_EQ(send("POST", chat + "/restore", json::object(), lin.token).status, 204u);
  EXPECT_EQ(get(chat, wang.token).status, 200u);
  clock.advance(std::chrono::minutes(1));
}

TEST_F(ChatRoutesTest, TheStreamHasEverythingInOrderWithoutGaps) {
  const auto lin = sign_up("lin");
  const auto chat = new_chat(lin, {{"title", "x"}});
  for (int i = 0; i < 10; ++i) say(lin, chat, std::to_string(i));
  std::int64_t after = 0;
  std::vector<std::string> types;
  for (;;) {
    const auto page =
        get("/api/chat/" + chat + "/events?limit=4&after=" + std::to_string(after), lin.token)
            .body();
    for (const auto& event : page.at("events").as_array()) {
      EXPECT_EQ(event.at("seq").as_int64(), after + 1);
      after = event.at("seq").as_int64();
      types.emplace_back(event.at("type").as_string());
    }
    if (after == page.at("head").as_int64()) break;
    ASSERT_FALSE(page.at("events").as_array().empty());
  }
  ASSERT_EQ(types.size(), 11u);
  EXPECT_EQ(types[0], "chat-created");
  EXPECT_EQ(types[10], "message-created");
}

}  // namespace
}  // namespace rubricon::api
