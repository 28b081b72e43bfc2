#include <rubricon/revocation/revocation_feed.hpp>

#include <rubricon/domain/event_data.hpp>
#include <rubricon/memory/broker.hpp>
#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/memory/revocation_list.hpp>
#include <rubricon/ports/contract/run_task.hpp>

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

namespace rubricon::revocation {
namespace {

class Nothing final : public ports::RevocationLog {
 public:
  base::Task<std::vector<ports::Revocation>> revoked_since(base::Time, base::Deadline) override {
    ++questions;
    co_return std::vector<ports::Revocation>();
  }
  int questions = 0;
};

TEST(RevocationFeed, hears_what_ends_and_asks_again_after_the_broker_was_away) {
  boost::asio::io_context io;
  const memory::ManualClock clock;
  observability::Log log;
  Nothing stored;
  memory::RevocationList list(clock);
  memory::Broker broker(io.get_executor());
  RevocationFeed feed(io.get_executor(), broker, {stored, list, clock, log});
  EXPECT_FALSE(feed.loaded());
  feed.start();
  while (!feed.loaded()) io.run_one();

  const domain::SessionId session(base::Uuid::v7(1, {}));
  std::vector<std::shared_ptr<const domain::Event>> batch = {std::make_shared<const domain::Event>(
      domain::Event{.stream = domain::StreamId(domain::UserId(base::Uuid::v7(2, {}))),
                    .type = domain::EventType::session_revoked,
                    .data = domain::session_revoked_data(session)})};
  ports::contract::run_task(
      io, broker.publish(std::move(batch), base::Deadline::at(base::Instant::max())));
  while (!list.revoked(session)) io.run_one();

  broker.drop_connections();
  while (stored.questions < 2) io.run_one();
  while (!feed.loaded()) io.run_one();
  ports::contract::run_task(io, feed.stop());
}

}  // namespace
}  // namespace rubricon::revocation
