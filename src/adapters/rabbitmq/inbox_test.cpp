#include <rubricon/rabbitmq/inbox.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include <poll.h>

namespace rubricon::rabbitmq {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class InboxTest : public ::testing::Test {
 protected:
  void run() {
    io.restart();
    io.run();
  }
  bool woken() const {
    pollfd descriptor{.fd = wake->fd(), .events = POLLIN, .revents = 0};
    return ::poll(&descriptor, 1, 0) == 1;
  }

  boost::asio::io_context io;
  std::shared_ptr<Wake> wake = std::make_shared<Wake>();
  std::vector<int> handled;
  Handled answer = Handled::taken;
  std::function<void()> meanwhile = [] {};
  std::shared_ptr<Inbox<int>> inbox =
      std::make_shared<Inbox<int>>(io.get_executor(), wake, [this](int item) {
        handled.push_back(item);
        meanwhile();
        return answer;
      });
};

TEST_F(InboxTest, hands_over_in_order_and_tells_what_was_handled) {
  inbox->push(1, 10);
  inbox->push(2, 20);
  EXPECT_THAT(handled, IsEmpty());
  run();
  EXPECT_THAT(handled, ElementsAre(10, 20));
  EXPECT_TRUE(woken());
  EXPECT_THAT(inbox->settled(),
              ElementsAre(Settlement{1, Handled::taken}, Settlement{2, Handled::taken}));
  EXPECT_THAT(inbox->settled(), IsEmpty());
}

TEST_F(InboxTest, nobody_is_woken_for_items_without_a_tag) {
  inbox->push(Inbox<int>::no_tag, 10);
  run();
  EXPECT_THAT(handled, ElementsAre(10));
  EXPECT_FALSE(woken());
}

TEST_F(InboxTest, forgets_with_the_connection) {
  inbox->push(1, 10);
  inbox->forget();
  run();
  EXPECT_THAT(handled, IsEmpty());
  inbox->push(1, 11);
  // The connection is lost while the item is handled: its tag means nothing any more.
  meanwhile = [this] { inbox->forget(); };
  run();
  EXPECT_THAT(handled, ElementsAre(11));
  EXPECT_THAT(inbox->settled(), IsEmpty());
}

TEST_F(InboxTest, calls_nobody_once_closed) {
  inbox->push(1, 10);
  inbox->push(2, 20);
  meanwhile = [this] { inbox->close(); };
  run();
  inbox->push(3, 30);
  run();
  EXPECT_THAT(handled, ElementsAre(10));
}

TEST_F(InboxTest, lets_the_shard_breathe) {
  for (int n = 0; n < 300; ++n) inbox->push(static_cast<std::uint64_t>(n) + 1, n);
  io.run_one();
  EXPECT_EQ(handled.size(), Inbox<int>::step_max);
  run();
  EXPECT_EQ(handled.size(), 300u);
}

}  // namespace
}  // namespace rubricon::rabbitmq
