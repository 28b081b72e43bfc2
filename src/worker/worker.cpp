#include <rubricon/worker/worker.hpp>

#include <rubricon/base/backoff.hpp>
#include <rubricon/base/cancellation.hpp>
#include <rubricon/base/fault.hpp>
#include <rubricon/base/pause.hpp>
#include <rubricon/observability/fault_level.hpp>
#include <rubricon/observability/task_errors.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace rubricon::worker {
namespace asio = boost::asio;
namespace {

constexpr const char* jobs_metric = "rubricon_worker_jobs_total";
constexpr const char* jobs_help = "AI jobs looked at, by result";

}  // namespace

Worker::Worker(asio::any_io_executor executor, AnswerServices services, ports::JobQueue& queue,
               observability::Metrics& metrics, WorkerOptions options)
    : services_(services),
      queue_(queue),
      options_(options),
      answered_(metrics.counter(jobs_metric, jobs_help, {{"result", "answered"}})),
      failed_(metrics.counter(jobs_metric, jobs_help, {{"result", "failed"}})),
      stopped_(metrics.counter(jobs_metric, jobs_help, {{"result", "stopped"}})),
      skipped_(metrics.counter(jobs_metric, jobs_help, {{"result", "skipped"}})),
      stale_(metrics.counter(jobs_metric, jobs_help, {{"result", "stale"}})),
      faults_(metrics.counter("rubricon_worker_faults_total", "Failed calls of the store")),
      duration_(metrics.histogram("rubricon_worker_answer_seconds", "From claim to stored answer")),
      answered_last_(executor),
      tasks_(executor, observability::log_task_errors(services.log, "worker.lost")) {}

Worker::~Worker() = default;

void Worker::start() {
  subscription_ = queue_.consume([this](domain::JobId job) { enqueue(job); });
  tasks_.spawn(sweep());
}

base::Task<void> Worker::stop() {
  stopping_ = true;
  subscription_.reset();
  waiting_.clear();
  if (!running_.empty()) {
    answered_last_.expires_after(options_.stop_patience);
    boost::system::error_code ended;
    co_await answered_last_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  }
  co_await tasks_.stop();
}

void Worker::enqueue(domain::JobId job) {
  if (stopping_ || waiting_.size() >= options_.queue_max || !known_.insert(job).second) return;
  waiting_.push_back(job);
  start_waiting();
}

void Worker::start_waiting() {
  while (!waiting_.empty() && running_.size() < options_.concurrency_max && !tasks_.stopped()) {
    const auto job = waiting_.front();
    waiting_.pop_front();
    running_.insert(job);
    tasks_.spawn(work(job));
  }
}

/// Leaves its place whatever happens; the sweep brings a job back that was not ended.
base::Task<void> Worker::work(domain::JobId job) {
  const auto begun = services_.clock.monotonic();
  auto result = AnswerResult::skipped;
  try {
    result = co_await answer_job(services_, job, options_.answer);
  } catch (const std::exception& error) {
    if (base::is_cancellation(error)) throw;
    failed("worker.job_failed", error, job);
  }
  running_.erase(job);
  if (result == AnswerResult::retry) {
    tasks_.spawn(try_again(job));
  } else {
    known_.erase(job);
  }
  if (result == AnswerResult::answered) {
    answered_.add();
    duration_.observe(std::chrono::duration<double>(services_.clock.monotonic() - begun).count());
  }
  if (result == AnswerResult::failed) failed_.add();
  if (result == AnswerResult::stopped) stopped_.add();
  if (result == AnswerResult::skipped) skipped_.add();
  if (result == AnswerResult::stale) stale_.add();
  start_waiting();
  if (stopping_ && running_.empty()) answered_last_.cancel();
}

base::Task<void> Worker::try_again(domain::JobId job) {
  base::Backoff pauses(options_.retry, options_.retry, services_.clock.monotonic());
  co_await base::pause(pauses.next());
  known_.erase(job);
  enqueue(job);
}

base::Task<void> Worker::sweep() {
  base::Timer timer(co_await asio::this_coro::executor);
  base::Milliseconds queued_for{0};  // at the start: all of them
  for (;;) {
    try {
      const auto deadline =
          base::Deadline::after(services_.clock.monotonic(), options_.answer.call_timeout);
      for (const auto job : co_await services_.jobs.due(queued_for, options_.queue_max, deadline)) {
        enqueue(job);
      }
      queued_for = options_.queued_max;
    } catch (const std::exception& error) {
      if (base::is_cancellation(error)) throw;
      failed("worker.sweep_failed", error, {});
    }
    timer.expires_after(options_.sweep);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

void Worker::failed(const char* event, const std::exception& error, domain::JobId job) {
  faults_.add();
  services_.log.repeated(observability::fault_level(error), event,
                         {{"job_id", job.to_string()}, {"error.message", error.what()}});
}

}  // namespace rubricon::worker
