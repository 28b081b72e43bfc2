/// One model behind what keeps it from harm and us from waiting for it: a circuit breaker, a fair
/// bulkhead, a budget of retries.
#pragma once

#include <rubricon/base/backoff.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/observability/metrics.hpp>
#include <rubricon/ports/ai_client.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/worker/bulkhead.hpp>
#include <rubricon/worker/circuit_breaker.hpp>
#include <rubricon/worker/retry_budget.hpp>

#include <exception>
#include <memory>
#include <optional>

namespace rubricon::worker {

struct GateOptions {
  BreakerOptions breaker;
  BulkheadOptions bulkhead;
  RetryBudget::Options retries;
  int attempts_max = 3;
  /// How long after a question came it may still be asked of the same model once more: whoever
  /// waits longer is better served by the next one.
  base::Milliseconds retry_within{600};
  base::Milliseconds retry_min{50};
  base::Milliseconds retry_max{400};
  /// The longest that a question waits for its place.
  base::Milliseconds place_timeout{30'000};
};

/// One shard. What it is built from outlives it.
class ModelGate {
 public:
  ModelGate(ports::AiClient& ai, const ports::Clock& clock, observability::Log& log,
            observability::Metrics& metrics, GateOptions options = {});

  ports::AiModel model() const { return ai_.model(); }
  BreakerState state() const { return breaker_.state(clock_.monotonic()); }

  /// The model's answer; nullopt where it has none to give now (the breaker is open, it is
  /// throttled, no place came free, it failed, it refuses the question), and nothing of one was
  /// handed to `on_delta`. Throws ports::AiFault where it failed in the middle: the pieces of that
  /// attempt are worth nothing.
  base::Task<std::optional<ports::AiAnswer>> ask(domain::UserId user, ports::AiRequest request,
                                                 ports::DeltaHandler on_delta,
                                                 base::Deadline deadline);

 private:
  struct Call;
  enum class Next { done, again, elsewhere };

  base::Task<Next> try_once(domain::UserId user, std::shared_ptr<Call> call);
  void failed(Call& call, CircuitBreaker::Permit permit, CircuitBreaker::Verdict verdict,
              const char* outcome, const std::exception& fault);
  void report(CircuitBreaker::Permit permit, CircuitBreaker::Verdict verdict, const Call& call);
  void count(const char* outcome);
  void show();

  ports::AiClient& ai_;
  const ports::Clock& clock_;
  observability::Log& log_;
  observability::Metrics& metrics_;
  GateOptions options_;
  CircuitBreaker breaker_;
  Bulkhead bulkhead_;
  RetryBudget retries_;
  observability::Gauge& state_;
  observability::Gauge& waiting_;
  observability::Gauge& busy_;
  observability::Histogram& first_token_;
};

}  // namespace rubricon::worker
