#include <rubricon/memory/recent_message_map.hpp>

#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/ports/contract/recent_messages_contract.hpp>

namespace rubricon::memory {
namespace {

class RecentMessageMapHarness {
 public:
  boost::asio::io_context& io() { return io_; }
  ports::RecentMessages& cache() { return cache_; }
  void advance(base::Milliseconds by) { clock_.advance(by); }

 private:
  boost::asio::io_context io_;
  ManualClock clock_;
  RecentMessageMap cache_{clock_};
};

base::Task<base::Result<ports::RecentPage>> nothing() {
  co_return ports::RecentPage{};
}

TEST(RecentMessageMap, keeps_no_more_chats_than_its_bound) {
  boost::asio::io_context io;
  ManualClock clock;
  RecentMessageMap cache(clock, 2);
  const auto soon = base::Deadline::at(base::Instant::max());
  const domain::Position head{domain::Epoch(1), domain::Seq(1)};
  for (int n = 0; n < 5; ++n) {
    const domain::ChatId chat(base::Uuid::v7(n, {}));
    EXPECT_TRUE(ports::contract::run_task(io, cache.read(chat, head, nothing, soon)));
  }
  EXPECT_EQ(cache.size(), 2u);
}

}  // namespace
}  // namespace rubricon::memory

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, RecentMessagesContract, memory::RecentMessageMapHarness);
}  // namespace rubricon::ports::contract
