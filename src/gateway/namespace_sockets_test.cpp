#include <rubricon/gateway/namespace_sockets.hpp>

#include <rubricon/socketio_server/fake_net_test.hpp>

#include <gmock/gmock.h>

#include <algorithm>

namespace rubricon::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

/// Three clients: 0 and 1 in "a", 1 and 2 in "b".
class NamespaceSocketsTest : public socketio_server::testing::FakeServerTest {
 protected:
  NamespaceSocketsTest() : door_(*nsp) {
    remember_sockets();
    for (int i = 0; i < 3; ++i) clients_.push_back(join());
    for (const auto& client : clients_) client->heard();
    sockets[0]->join("a");
    sockets[1]->join("a");
    sockets[1]->join("b");
    sockets[2]->join("b");
  }

  std::vector<std::shared_ptr<socketio_server::testing::FakeWebSocket>> clients_;
  NamespaceSockets door_;
};

TEST_F(NamespaceSocketsTest, tells_who_is_there) {
  const auto found = door_.find({{"a"}, {"b"}}, 10);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].id, sockets[0]->id());
  EXPECT_THAT(found[0].rooms, UnorderedElementsAre("a", sockets[0]->id()));
  EXPECT_EQ(found[0].address, "192.0.2.1");
  EXPECT_EQ(door_.find({}, 10).size(), 3u);
  EXPECT_EQ(door_.find({}, 2).size(), 2u);
  EXPECT_EQ(door_.find({{sockets[2]->id()}, {}}, 10).size(), 1u);
  EXPECT_THAT(door_.find({{"nobody"}, {}}, 10), IsEmpty());
  EXPECT_THAT(door_.rooms(),
              UnorderedElementsAre("a", "b", sockets[0]->id(), sockets[1]->id(), sockets[2]->id()));
}

TEST_F(NamespaceSocketsTest, moves_sockets_between_rooms) {
  door_.join({{"a"}, {}}, {"c", "d"});
  EXPECT_THAT(sockets[0]->rooms(), UnorderedElementsAre("a", "c", "d"));
  EXPECT_THAT(sockets[2]->rooms(), ElementsAre("b"));
  door_.leave({{"a"}, {"b"}}, {"a", "c"});
  EXPECT_THAT(sockets[0]->rooms(), ElementsAre("d"));
  EXPECT_THAT(sockets[1]->rooms(), UnorderedElementsAre("a", "b", "c", "d"));
}

TEST_F(NamespaceSocketsTest, tells_whom_it_names_and_drops_what_may_not_be_said) {
  door_.emit({{"a"}, {sockets[1]->id()}}, "typing", R"({"a":1},"b")");
  door_.emit({{"a"}, {}}, "disconnect", "");
  EXPECT_THAT(clients_[0]->heard(), ElementsAre(R"(42["typing",{"a":1},"b"])"));
  EXPECT_THAT(clients_[1]->heard(), IsEmpty());
  door_.emit({}, "bell", "");
  EXPECT_THAT(clients_[2]->heard(), ElementsAre(R"(42["bell"])"));
}

TEST_F(NamespaceSocketsTest, ends_connections) {
  door_.disconnect({{"a"}, {"b"}}, ports::Disconnect::socket);
  EXPECT_THAT(clients_[0]->heard(), ElementsAre("41"));
  EXPECT_TRUE(clients_[0]->is_open());
  door_.disconnect({}, ports::Disconnect::transport);
  EXPECT_FALSE(clients_[1]->is_open());
  EXPECT_FALSE(clients_[2]->is_open());
}

}  // namespace
}  // namespace rubricon::gateway
