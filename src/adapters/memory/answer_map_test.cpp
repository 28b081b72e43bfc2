#include <rubricon/memory/answer_map.hpp>

#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/ports/contract/answer_cache_contract.hpp>

namespace rubricon::memory {
namespace {

class AnswerMapHarness {
 public:
  boost::asio::io_context& io() { return io_; }
  ports::AnswerCache& cache() { return cache_; }
  void advance(base::Milliseconds by) { clock_.advance(by); }

 private:
  boost::asio::io_context io_;
  ManualClock clock_;
  AnswerMap cache_{clock_};
};

TEST(AnswerMap, keeps_no_more_than_its_bound_and_the_newest) {
  boost::asio::io_context io;
  ManualClock clock;
  AnswerMap cache(clock, 2);
  const auto soon = base::Deadline::at(base::Instant::max());
  for (const auto* message : {"a", "b", "c"}) {
    ports::AnswerQuestion question{.request = {.message = message}};
    ports::contract::run_task(io, cache.keep(question, {.text = message}, soon));
    EXPECT_TRUE(ports::contract::run_task(io, cache.find(question, soon)));
  }
  EXPECT_EQ(cache.size(), 2u);
}

}  // namespace
}  // namespace rubricon::memory

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, AnswerCacheContract, memory::AnswerMapHarness);
}  // namespace rubricon::ports::contract
