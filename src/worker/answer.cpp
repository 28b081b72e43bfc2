#include <rubricon/worker/answer.hpp>

#include <rubricon/base/backoff.hpp>
#include <rubricon/base/cancellation.hpp>
#include <rubricon/base/failpoint.hpp>
#include <rubricon/base/fault.hpp>
#include <rubricon/base/pause.hpp>
#include <rubricon/base/task_group.hpp>
#include <rubricon/base/timer.hpp>
#include <rubricon/observability/fault_level.hpp>
#include <rubricon/observability/task_errors.hpp>
#include <rubricon/ports/ai_fault.hpp>
#include <rubricon/worker/answer_meta.hpp>
#include <rubricon/worker/answer_stream.hpp>
#include <rubricon/worker/material_signs.hpp>
#include <rubricon/worker/rubric_change.hpp>
#include <rubricon/worker/stop_watch.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <optional>

namespace rubricon::worker {
namespace {

namespace asio = boost::asio;

base::Deadline within(const AnswerServices& services, base::Milliseconds duration) {
  return base::Deadline::after(services.clock.monotonic(), duration);
}

/// As it stands now: an answer to what it was before it was edited is none, nor is one that was
/// stopped.
bool was_answered(const ports::ClaimedJob& claimed) {
  return std::ranges::any_of(claimed.history, [&](const domain::Message& message) {
    return message.reply_to == claimed.prompt.seq && !domain::was_stopped(message.meta) &&
           (!claimed.prompt.edited_at || message.created_at > *claimed.prompt.edited_at);
  });
}

ports::AiRequest request_for(const ports::ClaimedJob& claimed) {
  return {.message = claimed.prompt.content,
          .history = claimed.history,
          .context = claimed.context,
          .rubric = claimed.rubric,
          .locale = claimed.locale,
          .previous_rubric = claimed.previous_rubric,
          .again = was_answered(claimed)};
}

/// Extends the lease until cancelled; sets `lost` when it is somebody else's.
base::Task<void> keep_lease(AnswerServices services, domain::AiJob job, AnswerOptions options,
                            std::shared_ptr<bool> lost) {
  base::Timer timer(co_await asio::this_coro::executor);
  while (!*lost) {
    timer.expires_after(options.heartbeat);
    co_await timer.async_wait(asio::use_awaitable);
    try {
      *lost = !co_await services.jobs.heartbeat(job.id, job.fence, options.lease,
                                                within(services, options.call_timeout));
    } catch (const std::exception& error) {
      if (base::is_cancellation(error)) throw;
      services.log.repeated(observability::fault_level(error), "worker.heartbeat_failed",
                            {{"error.message", error.what()}});
    }
  }
}

base::Task<AnswerResult> give_up(AnswerServices services, domain::AiJob job, std::string reason,
                                 AnswerOptions options) {
  services.log.warn("worker.answer_failed", {{"job_id", job.id.to_string()}, {"reason", reason}});
  const auto failed = co_await services.jobs.fail(job.id, job.fence, std::move(reason),
                                                  within(services, options.call_timeout));
  co_return failed ? AnswerResult::failed : AnswerResult::stale;
}

/// After a bug: the job waits for the sweep, so that it does not spin, until it has had enough.
base::Task<AnswerResult> broken(AnswerServices services, domain::AiJob job, AnswerOptions options) {
  if (job.attempt >= options.broken_attempts_max) {
    co_return co_await give_up(services, job, "too_many_attempts", options);
  }
  co_await services.jobs.release(job.id, job.fence, within(services, options.call_timeout));
  co_return AnswerResult::skipped;
}

/// As a new attempt, so that nobody sees the pieces of two in one text.
base::Task<AnswerResult> begin_again(AnswerServices services, domain::AiJob job,
                                     AnswerOptions options) {
  const bool ours =
      co_await services.jobs.release(job.id, job.fence, within(services, options.call_timeout));
  co_return ours ? AnswerResult::retry : AnswerResult::stale;
}

/// With what was seen, or with a note where that is nothing. Nothing else of the answer is kept:
/// who stops it wants no change of the rubric.
base::Task<AnswerResult> end_stopped(AnswerServices services, ports::ClaimedJob claimed,
                                     AnswerOptions options, std::shared_ptr<AnswerStream> stream) {
  const auto& job = claimed.job;
  if (stream->text().find_first_not_of(" \t\r\n") == std::string::npos) {
    const auto noted =
        co_await services.jobs.fail(job.id, job.fence, std::string(domain::stopped_code),
                                    within(services, options.call_timeout));
    co_return noted ? AnswerResult::stopped : AnswerResult::stale;
  }
  co_await stream->flush();
  const auto& writer = stream->writer();
  const ports::AiAnswer seen{
      .text = stream->text(), .source = writer.source, .degraded = writer.degraded};
  ports::FinishedAnswer finished{
      .job = job.id,
      .fence = job.fence,
      .content = seen.text,
      .meta = answer_meta(seen, ports::AnswerEnding::stopped, {},
                          instruction_in(claimed.context, claimed.rubric)),
      .rubric = {},
      .rubric_base = {},
      .title = {},
      .ending = ports::AnswerEnding::stopped};
  const auto stored =
      co_await services.jobs.finish(std::move(finished), within(services, options.call_timeout));
  co_return stored ? AnswerResult::stopped : AnswerResult::stale;
}

/// Whoever was writing it is gone; what was seen of it is where late joiners find it.
base::Task<AnswerResult> end_for_another(AnswerServices services, ports::ClaimedJob claimed,
                                         AnswerOptions options) {
  const auto& job = claimed.job;
  const auto stream = std::make_shared<AnswerStream>(services, job, options);
  stream->written_by(services.ai.usual());
  try {
    for (const auto& running :
         co_await services.running.of_chat(job.chat, within(services, options.cache_timeout))) {
      if (running.job == job.id) stream->append(running.text);
    }
  } catch (const base::Unavailable& fault) {
    services.log.repeated(observability::Level::warning, "worker.running_answer_lost",
                          {{"error.message", fault.what()}});
  }
  const auto result = co_await end_stopped(services, claimed, options, stream);
  co_await stream->forget();
  co_return result;
}

base::Task<AnswerResult> store(AnswerServices services, ports::ClaimedJob claimed,
                               ports::AiAnswer answer, AnswerOptions options,
                               std::shared_ptr<AnswerStream> stream) {
  const auto change = allowed_change(
      {.rubric = claimed.rubric, .version = claimed.rubric_version, .context = claimed.context},
      answer.rubric, claimed.locale);
  auto content = answer.text;
  if (content.size() + change.note.size() <= options.answer_bytes_max) content += change.note;
  ports::FinishedAnswer finished{
      .job = claimed.job.id,
      .fence = claimed.job.fence,
      .content = std::move(content),
      .meta = answer_meta(answer, ports::AnswerEnding::whole, change,
                          instruction_in(claimed.context, claimed.rubric)),
      .rubric = change.rubric,
      .rubric_base = claimed.rubric_version,
      .title = answer.chat_title};
  base::failpoint("worker.before_answer_commit");
  const auto stored =
      co_await services.jobs.finish(std::move(finished), within(services, options.call_timeout));
  base::failpoint("worker.after_answer_commit");
  if (stored) co_return AnswerResult::answered;
  // A teacher edited the rubric meanwhile: their edit stays, and the AI looks again.
  if (stored.error().reason == "rubric_changed") {
    co_return co_await begin_again(services, claimed.job, options);
  }
  if (stored.error().reason == "answer_stopped") {
    co_return co_await end_stopped(services, claimed, options, std::move(stream));
  }
  if (stored.error().reason == "stale_fence") co_return AnswerResult::stale;
  co_return co_await give_up(services, claimed.job, "answer_refused", options);
}

base::Task<base::Result<ports::AiAnswer>> ask(AnswerServices services, ports::ClaimedJob claimed,
                                              AnswerOptions options,
                                              std::shared_ptr<AnswerStream> stream) {
  const auto user = claimed.prompt.user.value();
  const auto deadline = within(services, options.answer_timeout);
  ports::DeltaHandler show = [stream](std::string_view piece) { stream->append(piece); };
  WriterHandler by = [stream](Writer writer) { stream->written_by(std::move(writer)); };
  if (claimed.job.attempt > options.model_attempts_max) {
    return services.ai.answer_by_rules(user, request_for(claimed), std::move(show), deadline,
                                       std::move(by));
  }
  return services.ai.answer(user, request_for(claimed), std::move(show), deadline, std::move(by));
}

/// nullopt where somebody stopped it: then whoever wrote was cancelled.
base::Task<std::optional<base::Result<ports::AiAnswer>>> ask_until_stopped(
    AnswerServices services, ports::ClaimedJob claimed, AnswerOptions options,
    std::shared_ptr<AnswerStream> stream) {
  const auto executor = co_await asio::this_coro::executor;
  const auto job = claimed.job.id;
  auto both = asio::experimental::make_parallel_group(
      asio::co_spawn(executor, ask(services, std::move(claimed), options, std::move(stream)),
                     asio::deferred),
      asio::co_spawn(executor, until_stopped(services, job, options), asio::deferred));
  auto [order, asking, answer, watching] =
      co_await both.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  // A cancellation that was on its way to one of the two finds the group alive.
  co_await asio::post(executor, asio::use_awaitable);
  const bool stopped = order[0] == 1 && !watching;
  if (stopped) co_return std::nullopt;
  if (asking) std::rethrow_exception(asking);
  co_return std::move(answer);
}

base::Task<AnswerResult> ask_and_store(AnswerServices services, ports::ClaimedJob claimed,
                                       AnswerOptions options, std::shared_ptr<AnswerStream> stream,
                                       std::shared_ptr<bool> lost) {
  base::Result<ports::AiAnswer> answer = base::fail(base::ErrorCode::unavailable);
  bool stopped = false;
  bool bug = false;
  bool failed_midway = false;
  try {
    auto asked = co_await ask_until_stopped(services, claimed, options, stream);
    stopped = !asked;
    if (asked) answer = std::move(*asked);
  } catch (const ports::AiFault&) {
    failed_midway = true;
  } catch (const base::Unavailable& fault) {
    services.log.repeated(observability::Level::warning, "worker.ai_unavailable",
                          {{"error.message", fault.what()}});
  } catch (const std::exception& error) {
    if (base::is_cancellation(error)) throw;
    bug = true;
    services.log.error("worker.answer_broken", {{"job_id", claimed.job.id.to_string()},
                                                {"attempt", claimed.job.attempt},
                                                {"error.message", error.what()}});
  }
  if (*lost) co_return AnswerResult::stale;
  if (failed_midway) {
    // As a new attempt it would begin without what was seen of this one.
    stopped =
        co_await services.jobs.stop_wanted(claimed.job.id, within(services, options.call_timeout));
  }
  if (stopped) co_return co_await end_stopped(services, claimed, options, std::move(stream));
  if (bug) co_return co_await broken(services, claimed.job, options);
  if (failed_midway) co_return co_await begin_again(services, claimed.job, options);
  if (!answer) co_return co_await give_up(services, claimed.job, "ai_unavailable", options);
  if (answer->text.empty() || answer->text.size() > options.answer_bytes_max) {
    co_return co_await give_up(services, claimed.job, "answer_unusable", options);
  }
  co_await stream->flush();
  co_return co_await store(services, std::move(claimed), std::move(*answer), options,
                           std::move(stream));
}

/// The store did not answer. When it does again, the question is given back, long before the lease
/// ends; where it was answered after all, the fence leaves it alone.
base::Task<void> give_back(AnswerServices services, domain::AiJob job, AnswerOptions options) {
  base::Backoff pauses(options.release_retry_min, options.release_retry_max,
                       services.clock.monotonic());
  const auto lease = within(services, options.lease);
  while (!lease.reached(services.clock.monotonic())) {
    try {
      co_await services.jobs.release(job.id, job.fence, within(services, options.call_timeout));
      co_return;
    } catch (const base::Unavailable& fault) {
      services.log.repeated(observability::Level::warning, "worker.not_given_back",
                            {{"error.message", fault.what()}});
    }
    co_await base::pause(pauses.next());
  }
}

}  // namespace

base::Task<AnswerResult> answer_job(AnswerServices services, domain::JobId job,
                                    AnswerOptions options) {
  auto claimed =
      co_await services.jobs.claim(job, options.lease, within(services, options.call_timeout));
  if (!claimed) co_return AnswerResult::skipped;
  base::failpoint("worker.after_claim");
  if (claimed->stopped) co_return co_await end_for_another(services, *claimed, options);
  if (claimed->job.attempt > options.attempts_max) {
    co_return co_await give_up(services, claimed->job, "too_many_attempts", options);
  }
  const auto executor = co_await asio::this_coro::executor;
  const auto lost = std::make_shared<bool>(false);
  const auto stream = std::make_shared<AnswerStream>(services, claimed->job, options);
  base::TaskGroup helpers(executor,
                          observability::log_task_errors(services.log, "worker.answer_lost"));
  helpers.spawn(keep_lease(services, claimed->job, options, lost));
  helpers.spawn(stream->run());

  auto result = AnswerResult::skipped;
  std::exception_ptr fault;
  bool store_away = false;
  const auto held = claimed->job;
  try {
    result = co_await ask_and_store(services, std::move(*claimed), options, stream, lost);
  } catch (const base::Unavailable&) {
    fault = std::current_exception();
    store_away = true;
  } catch (...) {
    fault = std::current_exception();
  }
  const auto cancellation = co_await asio::this_coro::cancellation_state;
  store_away = store_away && cancellation.cancelled() == asio::cancellation_type::none;
  co_await asio::this_coro::reset_cancellation_state();  // the helpers are joined even when
                                                         // cancelled
  co_await helpers.stop();
  co_await stream->forget();
  if (store_away) co_await give_back(services, held, options);
  if (fault) std::rethrow_exception(fault);
  co_return result;
}

}  // namespace rubricon::worker
