#include <rubricon/api/harness_test.hpp>

#include <fmt/format.h>

namespace rubricon::api {
namespace {

class RubricVersionRoutesTest : public ApiFixture {
 protected:
  RubricVersionRoutesTest() : lin(sign_up("lin")), chat(new_chat(lin)) {
    const auto* operation = contract.operation("/api/chat/{chatId}/rubric", "PUT");
    document = contract.request_example(*operation).as_object();
  }

  std::string path(const std::string& rest = "") const {
    return "/api/chat/" + chat + "/rubric" + rest;
  }
  Reply put(std::int64_t expected, const std::string& query = "") {
    return call({.method = "PUT",
                 .target = path(query),
                 .body = json::serialize(document),
                 .token = lin.token,
                 .headers = {{"If-Match", fmt::format("\"{}\"", expected)}}});
  }
  Reply restore(std::int64_t version, std::int64_t expected, const Account& actor) {
    return call({.method = "POST",
                 .target = path(fmt::format("/versions/{}/restore", version)),
                 .body = "{}",
                 .token = actor.token,
                 .headers = {{"If-Match", fmt::format("\"{}\"", expected)}}});
  }
  /// Stores versions 1 to `count` with totals of 10, 20, …
  void store(std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      document["total"] = 10 * (i + 1);
      ASSERT_EQ(put(i).status, 200u);
    }
  }

  Account lin;
  std::string chat;
  json::object document;
};

TEST_F(RubricVersionRoutesTest, TheListIsPagedNewestFirstAndSaysWhatChanged) {
  EXPECT_EQ(get(path("/versions"), lin.token).text, R"({"versions":[],"nextBefore":null})");
  store(3);
  const auto first = get(path("/versions?limit=2"), lin.token).body();
  const auto& versions = first.at("versions").as_array();
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_EQ(versions[0].at("version"), json::value(3));
  EXPECT_EQ(versions[0].at("userId"), json::value(lin.id));
  EXPECT_EQ(versions[0].at("changes"), (json::value{{"settings", 1}}));
  EXPECT_FALSE(versions[0].as_object().contains("rubric"));
  EXPECT_EQ(first.at("nextBefore"), json::value(2));

  const auto rest = get(path("/versions?limit=2&before=2"), lin.token).body();
  ASSERT_EQ(rest.at("versions").as_array().size(), 1u);
  EXPECT_FALSE(rest.at("versions").at(0).as_object().contains("changes")) << "the first of all";
  EXPECT_EQ(rest.at("nextBefore"), json::value(nullptr));
  for (const char* bad : {"?limit=0", "?limit=51", "?before=0", "?before=x", "?after=1"}) {
    EXPECT_EQ(get(path("/versions") + bad, lin.token).status, 400u) << bad;
  }
}

TEST_F(RubricVersionRoutesTest, EachVersionIsThereForEver) {
  store(2);
  const auto old = get(path("/versions/1"), lin.token);
  EXPECT_EQ(old.status, 200u);
  EXPECT_EQ(old.header("ETag"), "\"1\"");
  EXPECT_EQ(old.body().at("rubric").at("total"), json::value(10));
  EXPECT_EQ(get(path("/versions/3"), lin.token).code(), "version_not_found");
  for (const char* bad : {"0", "01", "-1", "x", "99999999999999999999"}) {
    EXPECT_EQ(get(path("/versions/") + bad, lin.token).status, 404u) << bad;
  }
}

TEST_F(RubricVersionRoutesTest, RestoringAppendsAVersionWithTheOldDocument) {
  store(2);
  const auto restored = restore(1, 2, lin);
  ASSERT_EQ(restored.status, 200u) << restored.text;
  EXPECT_EQ(restored.header("ETag"), "\"3\"");
  EXPECT_EQ(restored.body().at("rubric").at("total"), json::value(10));
  EXPECT_EQ(restore(1, 2, lin).status, 412u) << "somebody was faster";
  EXPECT_EQ(restore(9, 3, lin).code(), "version_not_found");
  const auto list = get(path("/versions"), lin.token).body().at("versions").as_array();
  EXPECT_EQ(list[0].at("digest"), list[2].at("digest")) << "it is known again";
  EXPECT_NE(list[0].at("digest"), list[1].at("digest"));
}

TEST_F(RubricVersionRoutesTest, MembersReadAndWritersRestore) {
  const auto viewer = sign_up("viewer");
  const auto stranger = sign_up("stranger");
  share(lin, chat, viewer, "viewer");
  store(1);
  EXPECT_EQ(get(path("/versions"), viewer.token).status, 200u);
  EXPECT_EQ(get(path("/versions/1"), viewer.token).status, 200u);
  EXPECT_EQ(restore(1, 1, viewer).status, 403u);
  EXPECT_EQ(get(path("/versions"), stranger.token).code(), "not_found");
  EXPECT_EQ(get(path("/versions/1"), stranger.token).code(), "not_found");
  EXPECT_EQ(restore(1, 1, stranger).code(), "not_found");
}

// Goal: of two members who answer one proposal, one is heard.
TEST_F(RubricVersionRoutesTest, AProposalIsAnsweredOnce) {
  say(lin, chat, "hello");
  ASSERT_EQ(put(0).status, 200u);
  EXPECT_EQ(put(1, "?answers=99").code(), "no_such_proposal");
  const auto answered = put(1, "?answers=2");
  ASSERT_EQ(answered.status, 200u) << answered.text;
  EXPECT_EQ(answered.body().at("answered"), json::value(2));
  const auto again = put(2, "?answers=2");
  EXPECT_EQ(again.status, 409u);
  EXPECT_EQ(again.code(), "proposal_answered");
  EXPECT_EQ(put(2).body().at("answered"), json::value(2)) << "later versions remember it";
  const auto view = get("/api/chat/" + chat, lin.token).body();
  EXPECT_EQ(view.at("rubric").at("answered"), json::value(2));
  EXPECT_EQ(put(3, "?answers=0").status, 400u);
}

}  // namespace
}  // namespace rubricon::api
