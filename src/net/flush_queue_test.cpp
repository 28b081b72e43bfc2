#include <rubricon/net/flush_queue.hpp>

#include <rubricon/base/failpoint.hpp>

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <csignal>
#include <cstdio>
#include <functional>
#include <string>

namespace rubricon::net {
namespace {

struct Recorder final : FlushQueue::Target {
  std::string* story = nullptr;
  char name = '?';
  const void* frame = nullptr;
  std::function<void()> then;
  const void* newest() const override { return frame; }
  void flush() override {
    story->push_back(name);
    if (then) then();
  }
};

class FlushQueueTest : public ::testing::Test {
 protected:
  std::shared_ptr<Recorder> target(char name) {
    auto made = std::make_shared<Recorder>();
    made->story = &story;
    made->name = name;
    return made;
  }

  boost::asio::io_context io;
  std::string story;
  FlushQueue queue{io.get_executor()};
};

TEST_F(FlushQueueTest, flushes_after_the_handlers_that_were_ready) {
  boost::asio::post(io, [this] {
    queue.add(target('a'));
    story += '1';
  });
  boost::asio::post(io, [this] {
    queue.add(target('b'));
    story += '2';
  });
  io.run();
  EXPECT_EQ(story, "12ab");
}

TEST_F(FlushQueueTest, what_is_added_while_flushing_is_flushed_in_the_next_step) {
  const auto first = target('a');
  first->then = [this] {
    queue.add(target('b'));
    boost::asio::post(io, [this] { story += '1'; });
  };
  queue.add(first);
  queue.add(target('c'));
  io.run();
  EXPECT_EQ(story, "acb1");
}

#ifdef RUBRICON_FAILPOINTS
TEST_F(FlushQueueTest, dies_in_a_fan_out_only_between_two_targets_of_one_broadcast) {
  const int mine = 0;
  const int yours = 0;
  const int everybodys = 0;
  const auto give = [this](char name, const void* frame) {
    const auto to = target(name);
    to->frame = frame;
    to->then = [name] { std::fputc(name, stderr); };
    queue.add(to);
  };
  const auto run = [&] {
    base::arm_failpoints("gateway.mid_fanout:kill@2");
    give('a', &mine);
    give('b', &yours);
    give('c', nullptr);
    give('d', nullptr);
    give('e', &everybodys);
    give('f', &everybodys);
    give('g', &everybodys);
    io.run();
  };
  EXPECT_EXIT(run(), ::testing::KilledBySignal(SIGKILL), "^abcdef$");
}
#endif

TEST_F(FlushQueueTest, targets_are_released_when_the_loop_is_gone_without_having_run) {
  std::weak_ptr<Recorder> watched;
  {
    boost::asio::io_context other;
    FlushQueue short_lived(other.get_executor());
    const auto waiting = target('a');
    watched = waiting;
    short_lived.add(waiting);
  }
  EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace rubricon::net
