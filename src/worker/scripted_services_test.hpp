/// Services for the worker's tests that do exactly what a test tells them, faults included. The
/// real stores are tested by their contract suites and by the whole-system tests.
#pragma once

#include <rubricon/base/fault.hpp>
#include <rubricon/ports/ai_fault.hpp>
#include <rubricon/worker/worker.hpp>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace rubricon::worker {

inline domain::JobId job_id(std::uint8_t n) {
  std::array<std::uint8_t, 16> bytes{};
  bytes[15] = n;
  return domain::JobId(base::Uuid(bytes));
}

class RealClock final : public ports::Clock {
 public:
  base::Time now() const override { return base::time_from_unix_ms(0); }
  base::Instant monotonic() const override { return std::chrono::steady_clock::now(); }
};

class ScriptedJobs final : public ports::JobStore {
 public:
  base::Task<std::optional<ports::ClaimedJob>> claim(domain::JobId job, base::Milliseconds,
                                                     base::Deadline) override {
    ++claims;
    if (claim_faults > 0) {
      --claim_faults;
      throw base::Unavailable("the store is gone");
    }
    if (claim_bugs > 0) {
      --claim_bugs;
      throw std::runtime_error("an open job has no prompt");
    }
    if (!open.contains(job)) co_return std::nullopt;
    ports::ClaimedJob claimed;
    claimed.job = {.id = job, .prompt_seq = domain::Seq(2), .attempt = ++open[job]};
    claimed.prompt.user = domain::UserId(base::Uuid::v7(1, {}));
    claimed.prompt.content = "請設計評分規準";
    claimed.stopped = stopped.contains(job);
    claimed.rubric = rubric;
    claimed.rubric_version = rubric_version;
    claimed.context = context;
    co_return claimed;
  }
  base::Task<bool> heartbeat(domain::JobId, domain::Fence, base::Milliseconds,
                             base::Deadline) override {
    ++heartbeats;
    co_return lease_is_ours;
  }
  base::Task<bool> release(domain::JobId, domain::Fence, base::Deadline) override {
    if (release_faults > 0) {
      --release_faults;
      throw base::Unavailable("the store is gone");
    }
    ++releases;
    co_return true;
  }
  base::Task<base::Result<domain::Position>> finish(ports::FinishedAnswer answer,
                                                    base::Deadline) override {
    if (finish_faults > 0) {
      --finish_faults;
      throw base::Unavailable("the store is gone");
    }
    if (finish_errors > 0) {
      --finish_errors;
      co_return base::fail(base::ErrorCode::conflict, "", finish_error_reason);
    }
    if (stopped.contains(answer.job) && answer.ending == ports::AnswerEnding::whole) {
      co_return domain::answer_stopped();
    }
    finished.push_back(answer);
    open.erase(answer.job);
    co_return domain::Position{};
  }
  base::Task<base::Result<domain::Position>> fail(domain::JobId job, domain::Fence,
                                                  std::string reason, base::Deadline) override {
    failed[job] = reason;
    open.erase(job);
    co_return domain::Position{};
  }
  base::Task<bool> stop_wanted(domain::JobId job, base::Deadline) override {
    if (stop_faults > 0) {
      --stop_faults;
      throw base::Unavailable("the store is gone");
    }
    co_return stopped.contains(job);
  }
  base::Task<std::vector<domain::JobId>> due(base::Milliseconds, std::size_t,
                                             base::Deadline) override {
    ++sweeps;
    if (due_bugs > 0) {
      --due_bugs;
      throw std::runtime_error("a row cannot be read");
    }
    std::vector<domain::JobId> jobs;
    for (const auto& [job, attempts] : open) jobs.push_back(job);
    co_return jobs;
  }

  domain::ContextJson context = "{}";
  std::map<domain::JobId, int> open;  ///< job → attempts so far
  std::set<domain::JobId> stopped;
  std::vector<ports::FinishedAnswer> finished;
  std::map<domain::JobId, std::string> failed;
  std::string finish_error_reason;
  int finish_errors = 0;
  int finish_faults = 0;
  int release_faults = 0;
  int stop_faults = 0;
  int claim_faults = 0;
  int claim_bugs = 0;
  int due_bugs = 0;
  int claims = 0;
  int heartbeats = 0;
  int releases = 0;
  int sweeps = 0;
  bool lease_is_ours = true;
  std::optional<std::string> rubric;  ///< of the chat of every job
  domain::RubricVersion rubric_version;
};

/// Writes `pieces` with a pause after each, then answers `text`.
class ScriptedAi final : public ports::AiClient {
 public:
  explicit ScriptedAi(std::string name = "scripted") : name_(std::move(name)) {}
  ports::AiModel model() const override { return {.name = name_, .prompt_version = version}; }
  bool must_answer(const ports::AiRequest&) const override { return must; }
  base::Task<base::Result<ports::AiAnswer>> answer(ports::AiRequest request,
                                                   ports::DeltaHandler on_delta,
                                                   base::Deadline) override {
    requests.push_back(request.message);
    if (on_answer) on_answer();
    ++running;
    running_max = std::max(running_max, running);
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    for (const auto& piece : pieces) {
      on_delta(piece);
      if (after_piece) after_piece();
      timer.expires_after(pause);
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    --running;
    ++ended;
    if (bugs > 0) {
      --bugs;
      throw std::runtime_error("vector::_M_range_check");
    }
    if (unavailable) throw base::Unavailable("the model is gone");
    if (throttled) throw ports::AiThrottled("too often", retry_after);
    if (refused) co_return base::fail(base::ErrorCode::invalid, "no such model", "ai_refused");
    co_return ports::AiAnswer{.text = text, .rubric = rubric, .choices = choices, .usage = usage};
  }

  std::string version = "1";
  std::function<void()> on_answer;
  std::function<void()> after_piece;
  std::vector<std::string> pieces;
  std::string text = "好的。";
  std::optional<std::string> rubric;
  std::vector<ports::AiChoice> choices;
  std::optional<ports::AiUsage> usage;
  std::chrono::milliseconds pause{1};
  bool must = false;  ///< says that it is the one to answer
  bool unavailable = false;
  bool throttled = false;
  bool refused = false;
  std::optional<base::Milliseconds> retry_after;
  int bugs = 0;  ///< answers that throw what no AI may
  std::vector<std::string> requests;
  int running = 0;
  int ended = 0;  ///< answers that came to their end
  int running_max = 0;

 private:
  std::string name_;
};

/// Every question is new.
class ForgetfulCache final : public ports::AnswerCache {
 public:
  base::Task<std::optional<ports::AiAnswer>> find(ports::AnswerQuestion, base::Deadline) override {
    co_return std::nullopt;
  }
  base::Task<void> keep(ports::AnswerQuestion, ports::AiAnswer, base::Deadline) override {
    co_return;
  }
};

class RecordingEphemerals final : public ports::EphemeralBus {
 public:
  void publish(ports::Ephemeral message) override { sent.push_back(std::move(message)); }
  std::unique_ptr<ports::Subscription> subscribe(ports::EphemeralHandler) override {
    return nullptr;
  }
  std::vector<ports::Ephemeral> sent;
};

class RecordingAnswers final : public ports::RunningAnswers {
 public:
  base::Task<void> update(ports::RunningAnswer answer, base::Deadline) override {
    if (away) throw base::Unavailable("the cache is gone");
    latest[answer.job] = answer;
    co_return;
  }
  base::Task<void> remove(domain::JobId job, base::Deadline) override {
    if (away) throw base::Unavailable("the cache is gone");
    latest.erase(job);
    co_return;
  }
  base::Task<std::vector<ports::RunningAnswer>> of_chat(domain::ChatId, base::Deadline) override {
    if (away) throw base::Unavailable("the cache is gone");
    std::vector<ports::RunningAnswer> answers;
    for (const auto& [job, answer] : latest) answers.push_back(answer);
    co_return answers;
  }
  std::map<domain::JobId, ports::RunningAnswer> latest;
  bool away = false;
};

class ScriptedQueue final : public ports::JobQueue {
 public:
  base::Task<void> announce(std::vector<domain::JobId>, base::Deadline) override { co_return; }
  std::unique_ptr<ports::Subscription> consume(ports::JobHandler on_job) override {
    handler = std::move(on_job);
    return nullptr;
  }
  ports::JobHandler handler;
};

class ScriptedServices : public ::testing::Test {
 protected:
  AnswerServices services() { return {jobs, ladder, ephemerals, running, clock, log}; }

  template <typename T>
  T run(base::Task<T> task) {
    auto future = boost::asio::co_spawn(io, std::move(task), boost::asio::use_future);
    io.restart();
    while (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      if (io.run_one_for(std::chrono::seconds(30)) == 0) throw std::runtime_error("it hangs");
    }
    return future.get();
  }

  void run_until(const std::function<bool()>& done) {
    io.restart();
    while (!done()) {
      ASSERT_GT(io.run_one_for(std::chrono::seconds(30)), 0u) << "nothing happened for 30 s";
    }
  }

  boost::asio::io_context io;
  RealClock clock;
  observability::Log log{{}, [] { return base::Time(); }, [](std::string_view) {}};
  ScriptedJobs jobs;
  ScriptedAi ai;
  ForgetfulCache cache;
  observability::Metrics ai_metrics;
  Ladder ladder{{}, ai, cache, clock, log, ai_metrics};
  RecordingEphemerals ephemerals;
  RecordingAnswers running;
};

}  // namespace rubricon::worker
