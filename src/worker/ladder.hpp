/// Who answers a teacher: the answer to an equal question, the models in order of preference, and
/// where all of them are away the assistant that needs none.
#pragma once

#include <rubricon/ports/answer_cache.hpp>
#include <rubricon/worker/model_gate.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

namespace rubricon::worker {

/// Who writes an answer; members as in ports::AiAnswer.
struct Writer {
  std::string source = "rules";
  bool degraded = false;

  bool operator==(const Writer&) const = default;
};

/// Called before anything of an answer is handed to the DeltaHandler, again where another takes
/// over.
using WriterHandler = std::function<void(Writer)>;

/// One shard. What it is built from outlives it.
class Ladder {
 public:
  /// Nobody waits longer for the cache; without it every question is asked.
  static constexpr base::Milliseconds cache_timeout{500};

  /// `models` in order of preference; none: `rules` is what answers, and no makeshift.
  Ladder(std::vector<std::reference_wrapper<ports::AiClient>> models, ports::AiClient& rules,
         ports::AnswerCache& cache, const ports::Clock& clock, observability::Log& log,
         observability::Metrics& metrics, GateOptions options = {});

  /// As AiClient::answer, of whoever can (what is asked `again` is not answered from the cache);
  /// `degraded` where that is not the first. What is known is handed to `on_delta` in one piece.
  /// Throws ports::AiFault where a model failed in the middle of its answer: the question is to be
  /// asked as a new attempt. "ai_unavailable" where all models are away from what is asked `again`:
  /// there has been a makeshift already. What the rules must answer is theirs.
  base::Task<base::Result<ports::AiAnswer>> answer(domain::UserId user, ports::AiRequest request,
                                                   ports::DeltaHandler on_delta,
                                                   base::Deadline deadline,
                                                   WriterHandler on_writer = {});
  /// The same without any model, for a question at which models keep failing.
  base::Task<base::Result<ports::AiAnswer>> answer_by_rules(domain::UserId user,
                                                            ports::AiRequest request,
                                                            ports::DeltaHandler on_delta,
                                                            base::Deadline deadline,
                                                            WriterHandler on_writer = {});
  /// Who answers where nothing is away.
  Writer usual() const;

 private:
  /// What was answered to it before, handed to `on_delta`; nothing where another answer is wanted.
  base::Task<std::optional<ports::AiAnswer>> recall(ports::AnswerQuestion question,
                                                    ports::DeltaHandler on_delta);
  base::Task<void> keep(ports::AnswerQuestion question, ports::AiAnswer answer);
  base::Deadline soon() const;
  void away(const std::exception& fault);

  std::deque<ModelGate> models_;
  ports::AiClient& rules_;
  ports::AnswerCache& cache_;
  const ports::Clock& clock_;
  observability::Log& log_;
  observability::Counter& by_cache_;
  observability::Counter& by_model_;
  observability::Counter& by_other_model_;
  observability::Counter& by_rules_;
};

}  // namespace rubricon::worker
