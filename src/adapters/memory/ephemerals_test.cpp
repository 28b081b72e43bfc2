#include <rubricon/memory/ephemerals.hpp>

#include <rubricon/ports/contract/ephemeral_bus_contract.hpp>

#include <boost/asio/io_context.hpp>

namespace rubricon::memory {
namespace {

class EphemeralsHarness {
 public:
  ports::EphemeralBus& bus() { return bus_; }
  void settle() {
    io_.restart();
    io_.run();
  }

 private:
  boost::asio::io_context io_;
  Ephemerals bus_{io_.get_executor()};
};

TEST(Ephemerals, drops_and_counts_what_a_full_subscriber_cannot_hold) {
  boost::asio::io_context io;
  Ephemerals bus(io.get_executor(), 2);
  int heard = 0;
  const auto subscription = bus.subscribe([&](const auto&) { ++heard; });
  const domain::StreamId room{domain::ChatId(base::Uuid::v7(1, {}))};
  for (int n = 0; n < 5; ++n) bus.publish({room, "typing", "{}"});
  io.run();
  EXPECT_EQ(heard, 2);
  EXPECT_EQ(bus.dropped(), 3u);
}

}  // namespace
}  // namespace rubricon::memory

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, EphemeralBusContract, memory::EphemeralsHarness);
}  // namespace rubricon::ports::contract
