/// The promise of an answer: one job per (chat, prompt, variant), and at most one stored answer.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/domain/ids.hpp>

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

/// Why a question is not asked again.
std::unexpected<base::Error> no_such_question();
std::unexpected<base::Error> answer_pending();
std::unexpected<base::Error> assistant_off();

}  // namespace rubricon::domain
