#include <rubricon/memory/running_answer_map.hpp>

#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/ports/contract/running_answers_contract.hpp>

namespace rubricon::memory {
namespace {

class RunningAnswersHarness {
 public:
  boost::asio::io_context& io() { return io_; }
  ports::RunningAnswers& answers() { return answers_; }
  void advance(base::Milliseconds by) { clock_.advance(by); }

 private:
  boost::asio::io_context io_;
  ManualClock clock_;
  RunningAnswerMap answers_{clock_};
};

TEST(RunningAnswerMap, keeps_no_more_than_its_bound_and_makes_room_with_time) {
  boost::asio::io_context io;
  ManualClock clock;
  RunningAnswerMap answers(clock, 2);
  const auto soon = base::Deadline::at(base::Instant::max());
  auto update = [&](int n) {
    ports::RunningAnswer answer{domain::ChatId(), domain::JobId(base::Uuid::v7(n, {})),
                                domain::Seq(1), 1, "a"};
    ports::contract::run_task(io, answers.update(std::move(answer), soon));
  };
  for (int n = 1; n <= 3; ++n) update(n);
  EXPECT_EQ(answers.size(), 2u);
  clock.advance(base::Milliseconds(61'000));
  update(4);
  EXPECT_EQ(answers.size(), 1u);
  EXPECT_EQ(ports::contract::run_task(io, answers.of_chat(domain::ChatId(), soon)).size(), 1u);
}

}  // namespace
}  // namespace rubricon::memory

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, RunningAnswersContract, memory::RunningAnswersHarness);
}  // namespace rubricon::ports::contract
