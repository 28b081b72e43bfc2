#include <rubricon/api/harness_test.hpp>

namespace rubricon::api {
namespace {

class MemberRoutesTest : public ApiFixture {
 protected:
  MemberRoutesTest() : lin(sign_up("lin")), wang(sign_up("wang")), chat(new_chat(lin)) {}

  Reply add(const Account& actor, const std::string& email, const std::string& role) {
    return send("POST", "/api/chat/" + chat + "/members", {{"email", email}, {"role", role}},
                actor.token);
  }
  Reply take_out(const Account& actor, const Account& member) {
    return remove("/api/chat/" + chat + "/members/" + member.id, actor.token);
  }

  Account lin;
  Account wang;
  std::string chat;
};

TEST_F(MemberRoutesTest, OwnersShareByAddressAndChangeRoles) {
  const auto added = add(lin, "WANG@example.org", "viewer");
  ASSERT_EQ(added.status, 200u);
  EXPECT_EQ(added.body().at("userId"), json::value(wang.id));
  EXPECT_EQ(added.body().at("role"), json::value("viewer"));
  EXPECT_EQ(add(lin, wang.email, "editor").body().at("role"), json::value("editor"));
  const auto members = get("/api/chat/" + chat + "/members", wang.token).body();
  EXPECT_EQ(members.at("members").as_array().size(), 2u);
  EXPECT_EQ(get("/api/chat/" + chat, wang.token).body().at("role"), json::value("editor"));
}

TEST_F(MemberRoutesTest, OnlyOwnersManageMembers) {
  const auto chen = sign_up("chen");
  for (const char* role : {"viewer", "editor"}) {
    share(lin, chat, wang, role);
    EXPECT_EQ(add(wang, chen.email, "viewer").status, 403u);
    EXPECT_EQ(add(wang, wang.email, "owner").status, 403u) << "nobody promotes himself";
    EXPECT_EQ(take_out(wang, lin).status, 403u);
  }
  share(lin, chat, wang, "owner");
  EXPECT_EQ(add(wang, chen.email, "viewer").status, 200u);
}

TEST_F(MemberRoutesTest, AChatAlwaysHasAnOwner) {
  EXPECT_EQ(take_out(lin, lin).status, 409u);
  EXPECT_EQ(take_out(lin, lin).code(), "last_owner");
  EXPECT_EQ(add(lin, lin.email, "viewer").code(), "last_owner");
  share(lin, chat, wang, "owner");
  EXPECT_EQ(take_out(lin, lin).status, 204u);
  EXPECT_EQ(get("/api/chat/" + chat, lin.token).status, 404u);
  EXPECT_EQ(get("/api/chat/" + chat, wang.token).status, 200u);
}

TEST_F(MemberRoutesTest, EverybodyMayLeaveAndSeesNothingAfterwards) {
  share(lin, chat, wang, "viewer");
  EXPECT_EQ(take_out(wang, wang).status, 204u);
  EXPECT_EQ(get("/api/chat/" + chat, wang.token).status, 404u);
  EXPECT_EQ(take_out(wang, wang).status, 404u);
  EXPECT_EQ(take_out(lin, wang).status, 404u) << "no longer a member";
}

TEST_F(MemberRoutesTest, UnknownAddressesAndRolesAreRefused) {
  const auto reply = add(lin, "nobody@example.org", "viewer");
  EXPECT_EQ(reply.status, 404u);
  EXPECT_EQ(reply.code(), "user_not_found");
  EXPECT_EQ(add(lin, wang.email, "admin").code(), "unknown_value");
  EXPECT_EQ(add(lin, "nobody", "viewer").code(), "invalid_email");
}

}  // namespace
}  // namespace rubricon::api
