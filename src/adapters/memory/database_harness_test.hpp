/// A fresh database with one client, on a clock that tests move.
#pragma once

#include <rubricon/memory/database.hpp>
#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/memory/seeded_random.hpp>
#include <rubricon/ports/contract/store_contract.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <memory>

namespace rubricon::memory {

/// Lets everybody else have a turn at each step, so that calls made together overlap.
class Turns final : public Pauses {
 public:
  base::Task<void> pause(Step) override {
    co_await boost::asio::post(co_await boost::asio::this_coro::executor,
                               boost::asio::use_awaitable);
  }
};

class DatabaseHarness final : public ports::contract::StoreHarness {
 public:
  explicit DatabaseHarness(std::unique_ptr<Pauses> its_pauses)
      : pauses(std::move(its_pauses)), client(database, {.pauses = pauses.get()}) {}

  ports::UserStore& users() override { return client.users(); }
  ports::SessionStore& sessions() override { return client.sessions(); }
  ports::ChatStore& chats() override { return client.chats(); }
  ports::MessageStore& messages() override { return client.messages(); }
  ports::EventStore& events() override { return client.events(); }
  ports::Outbox& outbox() override { return client.outbox(); }
  ports::JobStore& jobs() override { return client.jobs(); }
  ports::DeadJobs& dead_jobs() override { return client.dead_jobs(); }
  ports::Epochs& epochs() override { return client.epochs(); }
  ports::RubricStore& rubrics() override { return client.rubrics(); }
  base::Time now() override { return clock.now(); }
  void advance(base::Milliseconds by) override { clock.advance(by); }
  void set_wall_clock_back(base::Milliseconds by) override { clock.move_wall(-by); }
  base::Instant monotonic() override { return clock.monotonic(); }

  ManualClock clock;
  SeededRandom random;
  Database database{clock, random};
  std::unique_ptr<Pauses> pauses;
  DatabaseClient client;
};

inline std::unique_ptr<ports::contract::StoreHarness> make_harness() {
  return std::make_unique<DatabaseHarness>(nullptr);
}

inline std::unique_ptr<ports::contract::StoreHarness> make_interleaved_harness() {
  return std::make_unique<DatabaseHarness>(std::make_unique<Turns>());
}

}  // namespace rubricon::memory
