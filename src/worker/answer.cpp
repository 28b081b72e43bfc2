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
#include <rubricon/worker/answer_stream.hpp>
#include <rubricon/worker/material_signs.hpp>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace rubricon::worker {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

base::Deadline within(const AnswerServices& services, base::Milliseconds duration) {
  return base::Deadline::after(services.clock.monotonic(), duration);
}

/// As it stands now: an answer to what it was before it was edited is none.
bool was_answered(const ports::ClaimedJob& claimed) {
  return std::ranges::any_of(claimed.history, [&](const domain::Message& message) {
    return message.reply_to == claimed.prompt.seq &&
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

std::string meta_of(const ports::AiAnswer& answer, const ports::ClaimedJob& claimed) {
  json::object meta = {{"source", answer.source},
                       {"degraded", answer.degraded},
                       {"outcome", ports::to_string(answer.outcome)}};
  if (auto told = instruction_in(claimed.context, claimed.rubric)) meta["suspicious"] = *told;
  if (!answer.template_id.empty()) meta["template"] = answer.template_id;
  if (answer.usage) {
    json::object usage = {{"promptTokens", answer.usage->prompt_tokens},
                          {"completionTokens", answer.usage->completion_tokens}};
    if (answer.usage->cost) usage["cost"] = *answer.usage->cost;
    meta["usage"] = std::move(usage);
  }
  if (!answer.choices.empty()) {
    json::array choices;
    for (const auto& choice : answer.choices) {
      choices.push_back({{"label", choice.label}, {"text", choice.text}});
    }
    meta["choices"] = std::move(choices);
  }
  return json::serialize(meta);
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

base::Task<AnswerResult> store(AnswerServices services, ports::ClaimedJob claimed,
                               ports::AiAnswer answer, AnswerOptions options) {
  ports::FinishedAnswer finished{.job = claimed.job.id,
                                 .fence = claimed.job.fence,
                                 .content = answer.text,
                                 .meta = meta_of(answer, claimed),
                                 .rubric = answer.rubric,
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
  if (stored.error().reason == "stale_fence") co_return AnswerResult::stale;
  co_return co_await give_up(services, claimed.job, "answer_refused", options);
}

base::Task<base::Result<ports::AiAnswer>> ask(AnswerServices services, ports::ClaimedJob claimed,
                                              AnswerOptions options,
                                              std::shared_ptr<AnswerStream> stream) {
  const auto user = claimed.prompt.user.value();
  const auto deadline = within(services, options.answer_timeout);
  ports::DeltaHandler show = [stream](std::string_view piece) { stream->append(piece); };
  if (claimed.job.attempt > options.model_attempts_max) {
    return services.ai.answer_by_rules(user, request_for(claimed), std::move(show), deadline);
  }
  return services.ai.answer(user, request_for(claimed), std::move(show), deadline);
}

base::Task<AnswerResult> ask_and_store(AnswerServices services, ports::ClaimedJob claimed,
                                       AnswerOptions options, std::shared_ptr<AnswerStream> stream,
                                       std::shared_ptr<bool> lost) {
  base::Result<ports::AiAnswer> answer = base::fail(base::ErrorCode::unavailable);
  bool bug = false;
  bool failed_midway = false;
  try {
    answer = co_await ask(services, claimed, options, stream);
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
  if (bug) co_return co_await broken(services, claimed.job, options);
  if (failed_midway) co_return co_await begin_again(services, claimed.job, options);
  if (!answer) co_return co_await give_up(services, claimed.job, "ai_unavailable", options);
  if (answer->text.empty() || answer->text.size() > options.answer_bytes_max) {
    co_return co_await give_up(services, claimed.job, "answer_unusable", options);
  }
  co_await stream->flush();
  co_return co_await store(services, std::move(claimed), std::move(*answer), options);
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
