/// The promise of an answer: one job per (chat, prompt, variant), and at most one stored answer.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/domain/ids.hpp>

#include <string_view>

namespace rubricon::domain {

enum class JobState { queued, running, done, failed, cancelled };

/// Spellings in the database and in metrics.
const char* to_string(JobState state) noexcept;

struct AiJob {
  JobId id;
  ChatId chat;
  Seq prompt_seq;
  int variant = 0;  ///< 0 the first answer; regenerations count up
  JobState state = JobState::queued;
  int attempt = 0;  ///< how often a worker has begun; 1 after the first claim
  Fence fence;

  bool operator==(const AiJob&) const = default;
};

/// The code of an answer-failed where somebody stopped the answer before its first word.
inline constexpr std::string_view stopped_code = "stopped";
/// What becomes of a job that ends with this code: one that was stopped is no failure, and nobody
/// need look at it.
JobState state_without_answer(std::string_view code) noexcept;

/// Why there is no answer to be stopped, and why one is not stored as if it had not been.
std::unexpected<base::Error> nothing_to_stop();
std::unexpected<base::Error> answer_stopped();

/// Why a question is not asked again.
std::unexpected<base::Error> no_such_question();
std::unexpected<base::Error> answer_pending();
std::unexpected<base::Error> assistant_off();

}  // namespace rubricon::domain
