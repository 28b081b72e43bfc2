#include <rubricon/worker/worker.hpp>

#include <rubricon/worker/scripted_services_test.hpp>

namespace rubricon::worker {
namespace {

using namespace std::chrono_literals;

class WorkerTest : public ScriptedServices {
 protected:
  void start(WorkerOptions options) {
    worker.emplace(io.get_executor(), services(), queue, metrics, options);
    worker->start();
  }
  void TearDown() override {
    if (worker) run(worker->stop());
  }

  std::uint64_t jobs_with(const char* result) {
    return metrics.counter("rubricon_worker_jobs_total", "", {{"result", result}}).value();
  }

  observability::Metrics metrics;
  ScriptedQueue queue;
  std::optional<Worker> worker;
};

TEST_F(WorkerTest, finds_every_open_job_at_the_start) {
  for (std::uint8_t i = 1; i <= 20; ++i) jobs.open[job_id(i)] = 0;
  start({.concurrency_max = 4, .sweep = 1h});
  run_until([&] { return jobs_with("answered") == 20; });
  EXPECT_LE(ai.running_max, 4);
  EXPECT_EQ(jobs.finished.size(), 20u);
}

TEST_F(WorkerTest, answers_what_is_announced_once_however_often_it_is_announced) {
  start({.sweep = 1h});
  run_until([&] { return jobs.sweeps == 1; });
  jobs.open[job_id(1)] = 0;
  for (int i = 0; i < 3; ++i) queue.handler(job_id(1));
  run_until([&] { return jobs_with("answered") == 1; });
  queue.handler(job_id(1));
  run_until([&] { return jobs_with("skipped") == 1; });
  EXPECT_EQ(jobs.finished.size(), 1u);
}

TEST_F(WorkerTest, the_sweep_brings_back_a_job_whose_claim_met_a_fault) {
  jobs.open[job_id(1)] = 0;
  jobs.claim_faults = 1;
  start({.sweep = 5ms});
  run_until([&] { return jobs.finished.size() == 1; });
  EXPECT_EQ(metrics.counter("rubricon_worker_faults_total", "").value(), 1u);
}

TEST_F(WorkerTest, a_bug_of_the_store_costs_neither_a_place_nor_the_job) {
  jobs.open[job_id(1)] = 0;
  jobs.claim_bugs = 2;
  jobs.due_bugs = 1;
  start({.concurrency_max = 1, .sweep = 5ms});
  run_until([&] { return jobs.finished.size() == 1; });
  EXPECT_EQ(metrics.counter("rubricon_worker_faults_total", "").value(), 3u);
}

TEST_F(WorkerTest, a_prompt_that_breaks_the_ai_is_tried_again_and_then_failed_visibly) {
  jobs.open[job_id(1)] = 0;
  ai.bugs = 3;
  start({.concurrency_max = 1, .sweep = 5ms});
  run_until([&] { return jobs_with("failed") == 1; });
  EXPECT_EQ(jobs.failed[job_id(1)], "too_many_attempts");
  EXPECT_EQ(ai.requests.size(), 3u);
  EXPECT_EQ(jobs.releases, 2);
  jobs.open[job_id(2)] = 0;
  run_until([&] { return jobs_with("answered") == 1; });
}

TEST_F(WorkerTest, answers_again_after_a_rubric_changed_under_it) {
  jobs.open[job_id(1)] = 0;
  jobs.finish_errors = 1;
  jobs.finish_error_reason = "rubric_changed";
  start({.sweep = 1h});
  run_until([&] { return jobs.finished.size() == 1; });
  EXPECT_EQ(ai.requests.size(), 2u);
}

TEST_F(WorkerTest, stop_lets_a_short_answer_end) {
  jobs.open[job_id(1)] = 0;
  ai.pieces = {"a"};
  ai.pause = 50ms;
  start({.sweep = 1h});
  run_until([&] { return ai.running == 1; });
  jobs.open[job_id(2)] = 0;
  run(worker->stop());
  EXPECT_EQ(jobs.finished.size(), 1u);
  EXPECT_EQ(jobs.claims, 1);
}

TEST_F(WorkerTest, stop_cancels_what_takes_long_and_takes_nothing_more) {
  jobs.open[job_id(1)] = 0;
  ai.pieces = {"a"};
  ai.pause = 24h;
  start({.sweep = 1h, .stop_patience = 10ms});
  run_until([&] { return ai.running == 1; });
  run(worker->stop());
  EXPECT_TRUE(jobs.finished.empty());
  queue.handler(job_id(2));
  EXPECT_EQ(jobs.claims, 1);
}

}  // namespace
}  // namespace rubricon::worker
