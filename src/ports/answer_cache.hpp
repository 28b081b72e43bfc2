/// Answers that were given already: an equal question of the same user costs no model.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/ports/ai_client.hpp>

#include <optional>
#include <string>

namespace rubricon::ports {

/// All that an answer depends on. Two are equal where `canonical_text` is.
struct AnswerQuestion {
  domain::UserId user;  ///< nobody gets what another one was answered
  AiModel model;
  AiRequest request;  ///< of the history, roles and texts count
};

/// Injective: texts carry their lengths.
std::string canonical_text(const AnswerQuestion& question);

/// A cache: it may forget everything at any time, and does after an hour. Keep only what is the
/// model's own and whole: no degraded answer. Faults: throws base::Unavailable when the cache
/// cannot answer before `deadline`.
class AnswerCache {
 public:
  static constexpr base::Milliseconds kept{3'600'000};

  virtual ~AnswerCache() = default;

  virtual base::Task<std::optional<AiAnswer>> find(AnswerQuestion question,
                                                   base::Deadline deadline) = 0;
  virtual base::Task<void> keep(AnswerQuestion question, AiAnswer answer,
                                base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
