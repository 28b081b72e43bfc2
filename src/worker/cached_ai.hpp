/// The assistant behind its cache: an equal question of the same user costs no model.
#pragma once

#include <rubricon/observability/log.hpp>
#include <rubricon/observability/metrics.hpp>
#include <rubricon/ports/ai_client.hpp>
#include <rubricon/ports/answer_cache.hpp>
#include <rubricon/ports/clock.hpp>

namespace rubricon::worker {

/// One shard. What it is built from outlives it.
class CachedAi {
 public:
  /// Nobody waits longer for the cache; without it every question is asked.
  static constexpr base::Milliseconds cache_timeout{500};

  CachedAi(ports::AiClient& ai, ports::AnswerCache& cache, const ports::Clock& clock,
           observability::Log& log, observability::Metrics& metrics);

  /// As AiClient::answer. What is known is handed to `on_delta` in one piece.
  base::Task<base::Result<ports::AiAnswer>> answer(domain::UserId user, ports::AiRequest request,
                                                   ports::DeltaHandler on_delta,
                                                   base::Deadline deadline);

 private:
  base::Task<std::optional<ports::AiAnswer>> find(ports::AnswerQuestion question);
  base::Task<void> keep(ports::AnswerQuestion question, ports::AiAnswer answer);
  base::Deadline soon() const;
  void away(const std::exception& fault);

  ports::AiClient& ai_;
  ports::AnswerCache& cache_;
  const ports::Clock& clock_;
  observability::Log& log_;
  observability::Counter& known_;
  observability::Counter& asked_;
};

}  // namespace rubricon::worker
