#include <rubricon/socketio_server/deadline_queue.hpp>

#include <gtest/gtest.h>

namespace rubricon::socketio_server {
namespace {

using std::chrono::milliseconds;

TEST(DeadlineQueue, gives_entries_in_the_order_of_their_times) {
  const base::Instant start{};
  DeadlineQueue<int> queue;
  EXPECT_EQ(queue.next(), base::Instant::max());
  for (const int ms : {30, 10, 20, 10}) queue.push(start + milliseconds(ms), ms);
  EXPECT_EQ(queue.next(), start + milliseconds(10));
  EXPECT_FALSE(queue.pop(start + milliseconds(9)));
  for (const int ms : {10, 10, 20}) EXPECT_EQ(queue.pop(start + milliseconds(20))->item, ms);
  EXPECT_FALSE(queue.pop(start + milliseconds(20)));
  EXPECT_EQ(queue.size(), 1u);
}

}  // namespace
}  // namespace rubricon::socketio_server
