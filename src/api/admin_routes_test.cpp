#include <rubricon/api/harness_test.hpp>

#include <gmock/gmock.h>

namespace rubricon::api {
namespace {

class AdminRoutesTest : public ApiFixture {
 protected:
  std::string question(const std::string& text) {
    const auto id = say(teacher, chat, text);
    give_up("ai_unavailable");
    return id;
  }
  Reply list(const std::string& query = "") {
    return get("/api/admin/jobs/dead" + query, admin.token);
  }
  std::vector<std::string> ids(const Reply& reply) {
    std::vector<std::string> found;
    for (const auto& job : reply.body().at("jobs").as_array()) {
      found.emplace_back(job.at("id").as_string());
    }
    return found;
  }
  Reply replay(const std::string& job, const std::string& token) {
    return send("POST", "/api/admin/jobs/dead/" + job + "/replay", json::object(), token);
  }

  Account admin = sign_up("ada");  ///< the first one is
  Account teacher = sign_up("lin");
  std::string chat = new_chat(teacher);
};

TEST_F(AdminRoutesTest, AnAdministratorSeesWhatWasGivenUpButNotWhatWasAsked) {
  question("how should I grade Amy?");
  const auto reply = list();
  ASSERT_EQ(reply.status, 200u) << reply.text;
  ASSERT_EQ(ids(reply).size(), 1u);
  const auto job = reply.body().at("jobs").at(0).as_object();
  EXPECT_EQ(job.at("chatId"), json::value(chat));
  EXPECT_EQ(job.at("replyTo"), json::value(2)) << "after the chat's own event";
  EXPECT_EQ(job.at("attempts"), json::value(1));
  EXPECT_EQ(job.at("reason"), json::value("ai_unavailable"));
  EXPECT_EQ(job.at("explanation").as_string(), ports::explanation_of("ai_unavailable"));
  EXPECT_FALSE(reply.text.contains("Amy"));
}

TEST_F(AdminRoutesTest, TheyComeInPages) {
  for (const auto* text : {"one", "two", "three"}) question(text);
  const auto all = ids(list());
  ASSERT_EQ(all.size(), 3u);
  EXPECT_THAT(ids(list("?limit=2")), testing::ElementsAre(all[0], all[1]));
  EXPECT_THAT(ids(list("?before=" + all[1])), testing::ElementsAre(all[2]));
  EXPECT_EQ(list("?before=yesterday").code(), "invalid_parameter");
  EXPECT_EQ(list("?limit=101").code(), "invalid_parameter");
}

TEST_F(AdminRoutesTest, OneIsAskedAgainOnce) {
  question("again?");
  const auto job = ids(list()).at(0);
  const auto asked = replay(job, admin.token);
  ASSERT_EQ(asked.status, 202u) << asked.text;
  EXPECT_NE(asked.body().at("jobId"), json::value(job));
  EXPECT_TRUE(ids(list()).empty());
  EXPECT_EQ(replay(job, admin.token).status, 404u);
  give_up("answer_unusable");
  EXPECT_EQ(ids(list()).size(), 1u) << "the new job was there to be worked on";
}

TEST_F(AdminRoutesTest, WhereTheAssistantIsOffThatIsSaid) {
  question("again?");
  ASSERT_EQ(
      send("PATCH", "/api/chat/" + chat, {{"context", {{"ai", "off"}}}}, teacher.token).status,
      200u);
  const auto refused = replay(ids(list()).at(0), admin.token);
  EXPECT_EQ(refused.status, 409u);
  EXPECT_EQ(refused.code(), "assistant_off");
}

TEST_F(AdminRoutesTest, ATeacherMayNot) {
  question("mine?");
  const auto job = ids(list()).at(0);
  EXPECT_EQ(get("/api/admin/jobs/dead", teacher.token).code(), "forbidden");
  EXPECT_EQ(replay(job, teacher.token).code(), "forbidden");
  EXPECT_EQ(ids(list()).size(), 1u);
}

TEST_F(AdminRoutesTest, WhoWasDisabledMayNotWithTheTokenThatHeStillHas) {
  set_disabled(admin.email, true);
  EXPECT_THAT(list().status, testing::AnyOf(401u, 403u));
}

}  // namespace
}  // namespace rubricon::api
