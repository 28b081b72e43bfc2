#include <rubricon/api/harness_test.hpp>

#include <fmt/format.h>

namespace rubricon::api {
namespace {

class MessageRoutesTest : public ApiFixture {
 protected:
  MessageRoutesTest() : lin(sign_up("lin")), chat(new_chat(lin)) {}

  Reply post(const json::object& body, std::vector<net::HttpHeader> headers = {}) {
    return call({.method = "POST",
                 .target = "/api/chat/messages",
                 .body = json::serialize(body),
                 .token = lin.token,
                 .headers = std::move(headers)});
  }
  json::array messages(const std::string& query) {
    return get("/api/chat/" + chat + "/messages" + query, lin.token).body().at("msgs").as_array();
  }
  std::string message_path(const std::string& id) {
    return "/api/chat/" + chat + "/messages/" + id;
  }

  Account lin;
  std::string chat;
};

TEST_F(MessageRoutesTest, A201SaysWhereTheMessageStands) {
  const auto reply = post({{"chatId", chat}, {"content", "請設計評分規準"}, {"clientId", "c-1"}});
  ASSERT_EQ(reply.status, 201u) << reply.text;
  EXPECT_EQ(reply.body().at("seq"), json::value(2));
  EXPECT_EQ(reply.body().at("epoch"), json::value(1));
  const auto stored = messages("");
  ASSERT_EQ(stored.size(), 1u);
  EXPECT_EQ(stored[0].at("id"), reply.body().at("id"));
  EXPECT_EQ(stored[0].at("content"), json::value("請設計評分規準"));
  EXPECT_EQ(stored[0].at("userId"), json::value(lin.id));
  EXPECT_EQ(stored[0].at("clientId"), json::value("c-1"));
  EXPECT_EQ(stored[0].at("time"), reply.body().at("time"));
}

// A3: the retry after a lost answer tells what became of it and never makes a second message.
TEST_F(MessageRoutesTest, TheSameKeyStoresOneMessage) {
  const json::object body{{"chatId", chat}, {"content", "once"}, {"clientId", "c-1"}};
  const auto first = post(body);
  EXPECT_EQ(post(body).text, first.text);
  const json::object plain{{"chatId", chat}, {"content", "once"}};
  EXPECT_EQ(post(plain, {{"Idempotency-Key", "c-1"}}).text, first.text);
  const auto other = post({{"chatId", chat}, {"content", "twice"}, {"clientId", "c-1"}});
  EXPECT_EQ(other.status, 422u);
  EXPECT_EQ(other.code(), "idempotency_mismatch");
  EXPECT_EQ(messages("").size(), 1u);
  EXPECT_EQ(post(body, {{"Idempotency-Key", "c-2"}}).code(), "conflicting_keys");
  EXPECT_EQ(post(body, {{"Idempotency-Key", "c-1"}}).text, first.text);
}

// B2, S6, S32: who speaks is who the token says.
TEST_F(MessageRoutesTest, NobodyCanSpeakForAnother) {
  for (const auto& [name, value] : {std::pair<std::string_view, json::value>{"role", "AI"},
                                    {"userId", json::value(lin.id)},
                                    {"seq", 1},
                                    {"id", json::value(chat)},
                                    {"time", "2020-01-01T00:00:00.000Z"},
                                    {"meta", json::object()}}) {
    const auto reply = post({{"chatId", chat}, {"content", "x"}, {name, value}});
    EXPECT_EQ(reply.status, 400u);
    EXPECT_EQ(reply.code(), "unknown_field") << name;
  }
  EXPECT_TRUE(messages("").empty());
}

TEST_F(MessageRoutesTest, ContentHasItsBounds) {
  const auto code = [&](json::value content) {
    const auto reply = post({{"chatId", chat}, {"content", std::move(content)}});
    return reply.status == 201 ? "stored" : fmt::format("{} {}", reply.status, reply.code());
  };
  EXPECT_EQ(code(json::value(std::string(32'768, 'x'))), "stored");
  EXPECT_EQ(code(json::value(std::string(32'768, '"'))), "stored") << "escapes do not count";
  EXPECT_EQ(code(json::value(std::string(32'769, 'x'))), "413 content_too_long");
  EXPECT_EQ(code(""), "400 empty");
  EXPECT_EQ(code(" \n\t　"), "400 empty");
  EXPECT_EQ(code(5), "400 invalid_type");
  EXPECT_EQ(code(nullptr), "400 invalid_type");
}

TEST_F(MessageRoutesTest, AttachmentsMayBeListedWhenThereAreSome) {
  const auto with = [&](json::value attachments) {
    return post({{"chatId", chat}, {"content", "x"}, {"attachments", std::move(attachments)}});
  };
  EXPECT_EQ(with(json::array()).status, 201u);
  EXPECT_EQ(with(json::array{"0199e2a4-3c1e-7a10-8f00-000000000001"}).status, 400u);
  EXPECT_EQ(with(json::array{"x"}).code(), "attachments_unsupported");
  EXPECT_EQ(with("x").code(), "invalid_type");
}

TEST_F(MessageRoutesTest, AChatIdThatIsNoneIsNotFound) {
  for (const char* id : {"", "1", "0199e2a4-3c1e-7a10-8f00-000000000001", "chat"}) {
    EXPECT_EQ(post({{"chatId", id}, {"content", "x"}}).status, 404u) << id;
  }
  EXPECT_EQ(post({{"content", "x"}}).code(), "missing_field");
  EXPECT_EQ(post({{"chatId", chat}}).code(), "missing_field");
}

TEST_F(MessageRoutesTest, PagesGoBothWaysBySeq) {
  for (int i = 2; i <= 12; ++i) say(lin, chat, std::to_string(i));
  const auto seqs = [&](const std::string& query) {
    std::string result;
    for (const auto& message : messages(query)) {
      result += std::to_string(message.at("seq").as_int64()) + " ";
    }
    return result;
  };
  EXPECT_EQ(seqs("?limit=3"), "10 11 12 ");
  EXPECT_EQ(seqs("?limit=3&before=10"), "7 8 9 ");
  EXPECT_EQ(seqs("?limit=3&after=5"), "6 7 8 ");
  EXPECT_EQ(seqs("?after=12"), "");
  EXPECT_EQ(seqs("?before=2"), "");
  for (const char* query : {"?limit=0", "?limit=101", "?before=0", "?after=-1", "?after=x"}) {
    EXPECT_EQ(get("/api/chat/" + chat + "/messages" + query, lin.token).code(), "invalid_parameter")
        << query;
  }
  EXPECT_EQ(get("/api/chat/" + chat + "/messages?page=2", lin.token).code(), "unknown_parameter");
}

TEST_F(MessageRoutesTest, OnlyTheAuthorChangesAndDeletesAMessage) {
  const auto wang = sign_up("wang");
  share(lin, chat, wang, "editor");
  const auto mine = message_path(say(lin, chat, "mine"));
  EXPECT_EQ(send("PATCH", mine, {{"content", "theirs"}}, wang.token).status, 403u);
  EXPECT_EQ(remove(mine, wang.token).status, 403u);

  const auto edited = send("PATCH", mine, {{"content", "better"}}, lin.token);
  EXPECT_EQ(edited.status, 200u);
  EXPECT_EQ(edited.body().at("content"), json::value("better"));
  EXPECT_TRUE(edited.body().contains("editedAt"));
  EXPECT_EQ(send("PATCH", mine, {{"content", ""}}, lin.token).code(), "empty");
  EXPECT_EQ(send("PATCH", mine, {{"content", "x"}, {"role", "AI"}}, lin.token).code(),
            "unknown_field");

  EXPECT_EQ(remove(mine, lin.token).status, 204u);
  EXPECT_EQ(remove(mine, lin.token).status, 404u);
  EXPECT_EQ(send("PATCH", mine, {{"content", "x"}}, lin.token).status, 404u);
  EXPECT_TRUE(messages("").empty());
}

TEST_F(MessageRoutesTest, ViewersReadAndDoNotWrite) {
  const auto viewer = sign_up("viewer");
  share(lin, chat, viewer, "viewer");
  say(lin, chat, "hello");
  EXPECT_EQ(get("/api/chat/" + chat + "/messages", viewer.token).status, 200u);
  const auto reply =
      send("POST", "/api/chat/messages", {{"chatId", chat}, {"content", "x"}}, viewer.token);
  EXPECT_EQ(reply.status, 403u);
  EXPECT_EQ(reply.code(), "forbidden");
}

TEST_F(MessageRoutesTest, AQuestionIsAskedAgainWhenItHasBeenAnsweredOrGivenUp) {
  say(lin, chat, "what do you think?");
  const auto again = [&](const json::object& body) {
    return send("POST", "/api/chat/" + chat + "/answer/regenerate", body, lin.token);
  };
  EXPECT_EQ(again({{"replyTo", 2}}).code(), "answer_pending");
  give_up("ai_unavailable");
  const auto asked = again({{"replyTo", 2}});
  EXPECT_EQ(asked.status, 202u) << asked.text;
  EXPECT_TRUE(domain::JobId::parse(asked.body().at("jobId").as_string()));
  EXPECT_EQ(again({{"replyTo", 2}}).status, 409u);
  EXPECT_EQ(again({{"replyTo", 1}}).code(), "no_such_question") << "the chat's own event";
  EXPECT_EQ(again(json::object()).code(), "missing_field");
  EXPECT_EQ(again({{"replyTo", "2"}}).code(), "invalid_type");
}

TEST_F(MessageRoutesTest, AnAnswerThatIsToComeIsStoppedByAnyWriterAndOnce) {
  const auto editor = sign_up("editor");
  const auto viewer = sign_up("viewer");
  share(lin, chat, editor, "editor");
  share(lin, chat, viewer, "viewer");
  say(lin, chat, "what do you think?");
  const auto question = messages("").at(0).at("seq");
  const auto stop = [&](const json::object& body, const Account& who) {
    return send("POST", "/api/chat/" + chat + "/answer/stop", body, who.token);
  };
  EXPECT_EQ(stop({{"replyTo", question}}, viewer).code(), "forbidden");
  EXPECT_EQ(stop({{"replyTo", 1}}, lin).code(), "no_such_question") << "the chat's own event";
  EXPECT_EQ(stop(json::object(), lin).code(), "missing_field");
  const auto stopped = stop({{"replyTo", question}}, editor);
  EXPECT_EQ(stopped.status, 202u) << stopped.text;
  EXPECT_TRUE(domain::JobId::parse(stopped.body().at("jobId").as_string()));
  const auto again = stop({{"replyTo", question}}, lin);
  EXPECT_EQ(again.status, 409u) << "nobody was at work, so it has ended";
  EXPECT_EQ(again.code(), "nothing_to_stop");
  const auto events = get("/api/chat/" + chat + "/events?after=0", lin.token).body().at("events");
  EXPECT_EQ(events.as_array().back().at("data").at("reason"), json::value("stopped"));
}

TEST_F(MessageRoutesTest, BeyondTheAllowanceOneIsAskedToWait) {
  for (int i = 0; i < 40; ++i) say(lin, chat, "x");
  const auto reply = post({{"chatId", chat}, {"content", "x"}});
  EXPECT_EQ(reply.status, 429u);
  EXPECT_EQ(reply.header("Retry-After"), "1");
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(post({{"chatId", chat}, {"content", "x"}}).status, 201u);
}

// S36.
TEST_F(MessageRoutesTest, WhatPeopleSayIsNotLogged) {
  say(lin, chat, "a very private sentence");
  (void)post({{"chatId", chat}, {"content", "a very private sentence"}, {"role", "AI"}});
  EXPECT_FALSE(log_lines().contains("private"));
}

}  // namespace
}  // namespace rubricon::api
