#include <rubricon/api/harness_test.hpp>

namespace rubricon::api {
namespace {

class RubricRoutesTest : public ApiFixture {
 protected:
  RubricRoutesTest() : lin(sign_up("lin")), path("/api/chat/" + new_chat(lin) + "/rubric") {
    const auto* operation = contract.operation("/api/chat/{chatId}/rubric", "PUT");
    document = contract.request_example(*operation).as_object();
  }

  Reply put(const json::object& rubric, const std::string& if_match, const Account& actor) {
    return call({.method = "PUT",
                 .target = path,
                 .body = json::serialize(rubric),
                 .token = actor.token,
                 .headers = {{"If-Match", if_match}}});
  }
  Reply put(const json::object& rubric, const std::string& if_match) {
    return put(rubric, if_match, lin);
  }

  Account lin;
  std::string path;
  json::object document;
};

TEST_F(RubricRoutesTest, VersionsFollowEachOtherUnderTheirETags) {
  const auto none = get(path, lin.token);
  EXPECT_EQ(none.status, 404u);
  EXPECT_EQ(none.code(), "rubric_not_found");
  const auto first = put(document, "\"0\"");
  ASSERT_EQ(first.status, 200u) << first.text;
  EXPECT_EQ(first.header("ETag"), "\"1\"");
  EXPECT_EQ(first.body().at("by"), json::value("USER"));
  EXPECT_EQ(first.body().at("userId"), json::value(lin.id));
  document["total"] = 50;
  EXPECT_EQ(put(document, "\"1\"").header("ETag"), "\"2\"");
  const auto current = get(path, lin.token);
  EXPECT_EQ(current.header("ETag"), "\"2\"");
  EXPECT_EQ(current.body().at("rubric").at("total"), json::value(50));
  const auto view = get(path.substr(0, path.rfind('/')), lin.token).body();
  EXPECT_EQ(view.at("rubric").at("version"), json::value(2));
}

// Two teachers edit the same table: the second is told, not overwritten.
TEST_F(RubricRoutesTest, NobodyOverwritesWhatTheyHaveNotSeen) {
  ASSERT_EQ(put(document, "\"0\"").status, 200u);
  for (const char* stale : {"\"0\"", "\"2\"", "\"999\""}) {
    const auto reply = put(document, stale);
    EXPECT_EQ(reply.status, 412u);
    EXPECT_EQ(reply.code(), "precondition_failed");
  }
  const auto without = put(document, "");
  EXPECT_EQ(without.status, 428u);
  EXPECT_EQ(without.code(), "precondition_required");
  for (const char* bad : {"1", "\"\"", "W/\"1\"", "*", "\"1\", \"2\"", "\"-1\"", "\"x\"", "\"1",
                          "\"99999999999999999999\""}) {
    EXPECT_EQ(put(document, bad).code(), "invalid_precondition") << bad;
  }
  EXPECT_EQ(get(path, lin.token).header("ETag"), "\"1\"");
}

// S32: points are ours to compute.
TEST_F(RubricRoutesTest, PointsAreComputedWhateverTheClientSays) {
  auto& criterion = document["criteria"].as_array()[0].as_object();
  criterion["points"] = 7;
  criterion["cells"].as_array()[0].as_object()["points"] = 1000;
  const auto reply = put(document, "\"0\"");
  ASSERT_EQ(reply.status, 200u) << reply.text;
  const auto stored = reply.body().at("rubric").at("criteria").at(0).as_object();
  EXPECT_EQ(stored.at("points"), json::value(100));
  EXPECT_EQ(stored.at("cells").at(0).at("points"), json::value(100));
}

TEST_F(RubricRoutesTest, BadDocumentsAreRefusedFieldByField) {
  auto too_many_levels = document;
  for (int i = 0; i < 12; ++i) {
    too_many_levels["levels"].as_array().push_back(
        {{"id", "x" + std::to_string(i)}, {"name", {{"en", "x"}}}});
  }
  auto bad_weight = document;
  bad_weight["criteria"].as_array()[0].as_object()["weight"] = 101;
  for (const auto& bad : {too_many_levels, bad_weight}) {
    const auto reply = put(bad, "\"0\"");
    EXPECT_EQ(reply.status, 422u) << reply.text;
    EXPECT_EQ(reply.code(), "invalid_rubric");
    EXPECT_FALSE(reply.body().at("errors").as_array().empty());
  }
  auto unknown = document;
  unknown["version"] = 3;
  EXPECT_EQ(put(unknown, "\"0\"").code(), "unknown_field");
  auto type = document;
  type["total"] = "100";
  EXPECT_EQ(put(type, "\"0\"").code(), "invalid_type");
  EXPECT_EQ(get(path, lin.token).status, 404u) << "nothing was stored";
}

TEST_F(RubricRoutesTest, ViewersReadAndDoNotWrite) {
  const auto viewer = sign_up("viewer");
  const auto chat = path.substr(10, 36);
  share(lin, chat, viewer, "viewer");
  ASSERT_EQ(put(document, "\"0\"").status, 200u);
  EXPECT_EQ(get(path, viewer.token).status, 200u);
  EXPECT_EQ(put(document, "\"1\"", viewer).status, 403u);
  share(lin, chat, viewer, "editor");
  EXPECT_EQ(put(document, "\"1\"", viewer).status, 200u);
}

}  // namespace
}  // namespace rubricon::api
