#include <rubricon/memory/presence_map.hpp>

#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/ports/contract/presence_contract.hpp>

namespace rubricon::memory {
namespace {

class PresenceHarness {
 public:
  boost::asio::io_context& io() { return io_; }
  ports::Presence& presence() { return presence_; }
  void advance(base::Milliseconds by) { clock_.advance(by); }

 private:
  boost::asio::io_context io_;
  ManualClock clock_;
  PresenceMap presence_{clock_};
};

TEST(PresenceMap, forgets_chats_that_nobody_asks_about) {
  boost::asio::io_context io;
  ManualClock clock;
  PresenceMap presence(clock);
  const auto soon = base::Deadline::at(base::Instant::max());
  const domain::UserId user(base::Uuid::v7(1, {}));
  for (int n = 0; n < 10; ++n) {
    const domain::ChatId chat(base::Uuid::v7(n, {}));
    ports::contract::run_task(io, presence.enter(chat, user, "c", soon));
  }
  EXPECT_EQ(presence.chats(), 10u);
  clock.advance(base::Milliseconds(61'000));
  ports::contract::run_task(io, presence.enter(domain::ChatId(), user, "c", soon));
  EXPECT_EQ(presence.chats(), 1u);
}

}  // namespace
}  // namespace rubricon::memory

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, PresenceContract, memory::PresenceHarness);
}  // namespace rubricon::ports::contract
