// tests: event_bus.cpp
#include <rubricon/ports/dead_jobs.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/ports/contract/run_task.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace rubricon::ports {
namespace {

domain::JobId job(std::uint8_t n) {
  return domain::JobId(base::Uuid::v7(n, {}));
}

class OneDeadJob final : public DeadJobs {
 public:
  base::Task<std::vector<DeadJob>> list(std::optional<domain::JobId>, std::size_t,
                                        base::Deadline) override {
    co_return std::vector<DeadJob>{};
  }
  base::Task<base::Result<domain::JobId>> replay(domain::JobId asked, base::Deadline) override {
    if (asked != job(1)) co_return base::fail(base::ErrorCode::not_found);
    co_return job(2);
  }
};

class Announced final : public JobQueue {
 public:
  base::Task<void> announce(std::vector<domain::JobId> announced, base::Deadline) override {
    if (away) throw base::Unavailable("away");
    jobs.insert(jobs.end(), announced.begin(), announced.end());
    co_return;
  }
  std::unique_ptr<Subscription> consume(JobHandler) override { return nullptr; }

  bool away = false;
  std::vector<domain::JobId> jobs;
};

TEST(DeadJobsTest, each_word_for_a_failure_is_explained_and_an_unknown_one_too) {
  std::set<std::string_view> explanations;
  for (const auto* reason : {"ai_unavailable", "too_many_attempts", "answer_unusable",
                             "answer_refused", "a word of a newer version"}) {
    const auto text = explanation_of(reason);
    EXPECT_TRUE(explanations.insert(text).second) << reason;
    EXPECT_THAT(std::string(text),
                testing::AnyOf(testing::HasSubstr("sk again"), testing::HasSubstr("before you ask"),
                               testing::HasSubstr("log says why")));
  }
}

class AskAgainTest : public testing::Test {
 protected:
  base::Result<domain::JobId> ask(domain::JobId asked) {
    return contract::run_task(
        io, ask_again(&dead, &queue, asked, base::Deadline::at(base::Instant::max())));
  }

  boost::asio::io_context io;
  OneDeadJob dead;
  Announced queue;
};

TEST_F(AskAgainTest, workers_are_told_of_the_new_job) {
  EXPECT_EQ(ask(job(1)), job(2));
  EXPECT_THAT(queue.jobs, testing::ElementsAre(job(2)));
}

TEST_F(AskAgainTest, nobody_is_told_of_what_was_refused) {
  EXPECT_FALSE(ask(job(3)));
  EXPECT_THAT(queue.jobs, testing::IsEmpty());
}

TEST_F(AskAgainTest, it_is_asked_again_also_where_nobody_can_be_told) {
  queue.away = true;
  EXPECT_EQ(ask(job(1)), job(2));
}

}  // namespace
}  // namespace rubricon::ports
