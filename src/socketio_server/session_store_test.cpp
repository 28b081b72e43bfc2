#include <rubricon/socketio_server/session_store.hpp>

#include "fake_net_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rubricon::socketio_server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Says what the test tells it to, when the test tells it to.
class FakeStore final : public SessionStore {
 public:
  std::string new_pid(const Claim& newcomer) override {
    newcomers.push_back(newcomer);
    return "pid-number-" + std::to_string(1'000'000'000 + ++made);
  }
  void claim(Claim claim, Answer answer) override {
    claims.push_back(std::move(claim));
    answers.push_back(std::move(answer));
  }

  int made = 0;
  std::vector<Claim> newcomers;
  std::vector<Claim> claims;
  std::vector<Answer> answers;
};

class SessionStoreTest : public testing::FakeServerTest {
 protected:
  SessionStoreTest() {
    nsp->recover_by(store);
    remember_sockets();
  }
  std::shared_ptr<testing::FakeWebSocket> come_back(const std::string& pid) {
    return connect(R"({"pid":")" + pid + R"(","offset":"chat.7"})");
  }
  static std::string answer(const std::string& pid) {
    return R"(40{"sid":")" + socket_id_of(pid) + R"(","pid":")" + pid + "\"}";
  }

  FakeStore store;
  const std::string first = "pid-number-1000000001";
};

TEST_F(SessionStoreTest, names_sockets_by_a_secret_that_their_ids_do_not_tell) {
  const auto client = connect();
  EXPECT_THAT(client->heard(), ElementsAre(answer(first)));
  EXPECT_THAT(socket_id_of(first), SizeIs(20));
  EXPECT_NE(socket_id_of(first), socket_id_of("pid-number-1000000002"));
  EXPECT_FALSE(sockets[0]->recovered());
  EXPECT_THAT(store.claims, IsEmpty());
}

// Goal: the client waits for the store; what it says meanwhile is run afterwards, once it is in.
TEST_F(SessionStoreTest, recovers_whom_the_store_knows) {
  connect()->go_away();
  std::vector<std::string> said;
  nsp->on("say", [&](const SocketPtr& socket, Event&) { said.push_back(socket->id()); });
  const auto client = come_back(first);
  client->say("42[\"say\"]");
  EXPECT_THAT(client->heard(), IsEmpty());
  ASSERT_THAT(store.claims, SizeIs(1));
  EXPECT_EQ(store.claims[0].pid, first);
  EXPECT_EQ(store.claims[0].offset, "chat.7");
  EXPECT_THAT(said, IsEmpty());
  store.answers[0](Recovered::yes);
  store.answers[0](Recovered::no);
  EXPECT_THAT(client->heard(), ElementsAre(answer(first)));
  EXPECT_TRUE(sockets.back()->recovered());
  EXPECT_THAT(said, ElementsAre(socket_id_of(first)));
}

TEST_F(SessionStoreTest, makes_a_new_socket_when_the_store_says_no_or_nothing) {
  for (const bool says_no : {true, false}) {
    const auto client = come_back(first);
    if (says_no) store.answers.back()(Recovered::no);
    store.answers.clear();
    EXPECT_THAT(client->heard(),
                ElementsAre(answer("pid-number-" + std::to_string(1'000'000'000 + store.made))));
    EXPECT_FALSE(sockets.back()->recovered());
  }
}

TEST_F(SessionStoreTest, lets_go_of_a_client_that_does_not_wait) {
  const auto client = come_back(first);
  client->go_away();
  store.answers.back()(Recovered::yes);
  EXPECT_THAT(sockets, IsEmpty());
  EXPECT_EQ(nsp->socket_count(), 0u);
}

TEST_F(SessionStoreTest, asks_nothing_about_what_is_no_claim) {
  for (const auto* auth :
       {R"({"pid":"pid-number-1000000001"})", R"({"offset":"x"})", R"({"pid":7,"offset":"x"})",
        R"({"pid":"short","offset":"x"})", R"({"pid":"pid-number-1000000001","offset":7})",
        R"({"pid":"pid number 1000000001","offset":"x"})"}) {
    EXPECT_THAT(connect(auth)->heard(), SizeIs(1)) << auth;
  }
  connect(R"({"pid":"pid-number-1000000001","offset":")" + std::string(2'000, 'x') + "\"}");
  EXPECT_THAT(store.claims, IsEmpty());
}

// Goal: official clients keep the offset of an earlier session; a store can tell it from its own.
TEST_F(SessionStoreTest, is_told_what_a_newcomer_still_has_from_before) {
  connect();
  EXPECT_EQ(store.newcomers.back().pid, "");
  EXPECT_EQ(store.newcomers.back().offset, "");
  const auto client = come_back(first);
  store.answers.back()(Recovered::no);
  ASSERT_THAT(store.newcomers, SizeIs(2));
  EXPECT_EQ(store.newcomers.back().pid, first);
  EXPECT_EQ(store.newcomers.back().offset, "chat.7");
  connect(R"({"pid":7,"offset":")" + std::string(2'000, 'x') + "\"}");
  EXPECT_EQ(store.newcomers.back().pid, "");
  EXPECT_EQ(store.newcomers.back().offset, "");
}

// Goal: who is not admitted claims nothing.
TEST_F(SessionStoreTest, asks_after_the_admission_only) {
  nsp->use([](Admission admission) { admission.refuse({"unauthorized", nullptr}); });
  EXPECT_THAT(come_back(first)->heard(), ElementsAre("44{\"message\":\"unauthorized\"}"));
  EXPECT_THAT(store.claims, IsEmpty());
}

// Goal: a client whose old connection the server still believes in takes its id over.
TEST_F(SessionStoreTest, ends_the_connection_that_had_the_id_before) {
  const auto old = connect();
  const auto client = come_back(first);
  store.answers.back()(Recovered::yes);
  EXPECT_THAT(client->heard(), ElementsAre(answer(first)));
  EXPECT_TRUE(old->close_code.has_value());
  EXPECT_FALSE(sockets[0]->connected());
  EXPECT_EQ(nsp->find(socket_id_of(first)), sockets[1]);
  EXPECT_EQ(nsp->socket_count(), 1u);
}

}  // namespace
}  // namespace rubricon::socketio_server
