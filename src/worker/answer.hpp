/// Step 4 of a message's way: one AI job from claim to stored answer.
#pragma once

#include <rubricon/base/task.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/ephemeral_bus.hpp>
#include <rubricon/ports/job_store.hpp>
#include <rubricon/ports/running_answers.hpp>
#include <rubricon/worker/ladder.hpp>

namespace rubricon::worker {

struct AnswerOptions {
  base::Milliseconds lease{30'000};
  base::Milliseconds heartbeat{10'000};
  base::Milliseconds delta_interval{40};
  /// Between two looks whether somebody has stopped the answer.
  base::Milliseconds stop_check{500};
  /// The whole answer; the deadline of the AI.
  base::Milliseconds answer_timeout{120'000};
  base::Milliseconds call_timeout{5'000};
  /// Between two tries to give a question back while the store is away.
  base::Milliseconds release_retry_min{200};
  base::Milliseconds release_retry_max{5'000};
  /// Of the text so far, which nobody must wait for.
  base::Milliseconds cache_timeout{500};
  /// Claims after which a job is given up: a prompt that kills workers must not do so for ever.
  int attempts_max = 10;
  /// Attempts of which models may spoil each by failing in the middle of the answer; then the
  /// assistant answers that needs none.
  int model_attempts_max = 3;
  /// Claims for a prompt at which the AI breaks in a way that nobody foresaw.
  int broken_attempts_max = 3;
  std::size_t answer_bytes_max = ports::answer_bytes_max;
};

enum class AnswerResult {
  answered,
  failed,   ///< given up, visibly
  stopped,  ///< by somebody; what was seen of it is stored, or that it was stopped
  skipped,  ///< nothing to do now, or somebody else does it
  stale,    ///< ended or taken by somebody else meanwhile; what was made of it is thrown away
  retry,    ///< given back; to be claimed again soon
};

/// What answering needs from the world. All outlive every answer.
struct AnswerServices {
  ports::JobStore& jobs;
  Ladder& ai;
  ports::EphemeralBus& ephemerals;
  ports::RunningAnswers& running;
  const ports::Clock& clock;
  observability::Log& log;
};

/// Claims `job`, asks the AI, streams `ai-delta`, and stores answer and rubric in one transaction.
/// An answer that somebody stops is cancelled upstream, and what was streamed of it is its end.
/// The AI may be asked twice after a crash; the fence lets only one answer be stored. Cancelling
/// gives the job up to its lease. An AI that throws what it must not is a bug: logged, tried again
/// a few times, then failed visibly. Faults of the store are thrown (base::Unavailable) after the
/// job was given back, or, where the store stays away, when its lease has ended.
base::Task<AnswerResult> answer_job(AnswerServices services, domain::JobId job,
                                    AnswerOptions options);

}  // namespace rubricon::worker
