#include <rubricon/worker/model_gate.hpp>

#include <rubricon/base/cancellation.hpp>
#include <rubricon/base/pause.hpp>
#include <rubricon/observability/fault_level.hpp>
#include <rubricon/ports/ai_fault.hpp>

#include <utility>

namespace rubricon::worker {
namespace {

using Verdict = CircuitBreaker::Verdict;

/// Where a model that throttles does not say for how long.
constexpr base::Milliseconds throttle_pause{5'000};

observability::Labels named(const ports::AiClient& ai) {
  return {{"model", ai.model().name}};
}

}  // namespace

/// A question on its way through the gate.
struct ModelGate::Call {
  ports::AiRequest request;
  ports::DeltaHandler on_delta;
  base::Deadline deadline;
  base::Instant begun;                       ///< of this try
  std::optional<base::Instant> first_token;  ///< shown or not
  bool shown = false;                        ///< something of the answer was handed on
  std::optional<ports::AiAnswer> answer;
};

ModelGate::ModelGate(ports::AiClient& ai, const ports::Clock& clock, observability::Log& log,
                     observability::Metrics& metrics, GateOptions options)
    : ai_(ai),
      clock_(clock),
      log_(log),
      metrics_(metrics),
      options_(options),
      breaker_(options.breaker),
      bulkhead_(options.bulkhead),
      retries_(options.retries),
      state_(
          metrics.gauge("rubricon_ai_breaker_state", "0 closed, 1 half-open, 2 open", named(ai))),
      waiting_(metrics.gauge("rubricon_ai_waiting", "Questions that wait for a model", named(ai))),
      busy_(metrics.gauge("rubricon_ai_busy", "Questions that a model answers now", named(ai))),
      first_token_(metrics.histogram("rubricon_ai_first_token_seconds",
                                     "From asking a model to its first token, shown or not")) {}

base::Task<std::optional<ports::AiAnswer>> ModelGate::ask(domain::UserId user,
                                                          ports::AiRequest request,
                                                          ports::DeltaHandler on_delta,
                                                          base::Deadline deadline) {
  const auto call = std::make_shared<Call>(Call{.request = std::move(request),
                                                .on_delta = std::move(on_delta),
                                                .deadline = deadline,
                                                .begun = {},
                                                .first_token = {},
                                                .answer = {}});
  const auto retry_until = clock_.monotonic() + options_.retry_within;
  base::Backoff pauses(options_.retry_min, options_.retry_max, clock_.monotonic());
  for (int attempt = 1;; ++attempt) {
    const auto next = co_await try_once(user, call);
    show();
    if (next == Next::done) co_return std::move(call->answer);
    const bool tries_left = attempt < options_.attempts_max && clock_.monotonic() < retry_until;
    if (next == Next::elsewhere || !tries_left || !retries_.take(clock_.monotonic())) {
      co_return std::nullopt;
    }
    co_await base::pause(pauses.next());
  }
}

base::Task<ModelGate::Next> ModelGate::try_once(domain::UserId user, std::shared_ptr<Call> call) {
  // Before the wait for a place, so that an open breaker makes nobody wait, and after it.
  if (breaker_.asks_again() > clock_.monotonic()) {
    count("not_asked");
    co_return Next::elsewhere;
  }
  std::optional<Bulkhead::Place> place;
  try {
    show();
    const auto now = clock_.monotonic();
    place.emplace(co_await bulkhead_.enter(
        user, std::min(call->deadline, base::Deadline::after(now, options_.place_timeout))));
  } catch (const base::Unavailable&) {
    count("no_place");
    co_return Next::elsewhere;
  }
  const auto permit = breaker_.admit(clock_.monotonic());
  if (!permit) {
    count("not_asked");
    co_return Next::elsewhere;
  }
  show();
  retries_.called(clock_.monotonic());
  call->begun = clock_.monotonic();
  call->first_token.reset();
  call->shown = false;
  try {
    auto answer = co_await ai_.answer(
        call->request,
        [this, call](std::string_view piece) {
          if (!call->first_token) call->first_token = clock_.monotonic();
          if (piece.empty()) return;
          call->shown = true;
          call->on_delta(piece);
        },
        call->deadline);
    if (!answer) {
      report(*permit, Verdict::unjudged, *call);
      count("refused");
      log_.repeated(observability::Level::error, "worker.model_refused",
                    {{"model", model().name},
                     {"reason", answer.error().reason},
                     {"error.message", answer.error().detail}});
      co_return Next::elsewhere;
    }
    report(*permit, Verdict::answered, *call);
    count("answered");
    call->answer = std::move(*answer);
    co_return Next::done;
  } catch (const ports::AiThrottled& fault) {
    breaker_.pause(clock_.monotonic() + fault.retry_after().value_or(throttle_pause));
    failed(*call, *permit, Verdict::throttled, "throttled", fault);
    co_return Next::elsewhere;
  } catch (const base::Unavailable& fault) {
    failed(*call, *permit, Verdict::failed, "failed", fault);
    co_return Next::again;
  } catch (...) {
    report(*permit, Verdict::unjudged, *call);  // we gave it up, or it is a bug
    throw;
  }
}

/// Throws where something of the answer was shown already.
void ModelGate::failed(Call& call, CircuitBreaker::Permit permit, Verdict verdict,
                       const char* outcome, const std::exception& fault) {
  report(permit, verdict, call);
  count(outcome);
  log_.repeated(observability::fault_level(fault), "worker.model_failed",
                {{"model", model().name}, {"outcome", outcome}, {"error.message", fault.what()}});
  if (call.shown) throw ports::AiAway(fault.what(), ports::AiDelivered::some);
}

void ModelGate::report(CircuitBreaker::Permit permit, Verdict verdict, const Call& call) {
  const auto now = clock_.monotonic();
  const auto took = call.first_token.value_or(now) - call.begun;
  if (call.first_token) first_token_.observe(std::chrono::duration<double>(took).count());
  const auto openings = breaker_.openings();
  breaker_.report(permit, verdict, took, now);
  if (breaker_.openings() != openings) {
    const auto pause = std::chrono::ceil<base::Milliseconds>(breaker_.asks_again() - now);
    log_.error("worker.breaker_opened", {{"model", model().name}, {"pause_ms", pause.count()}});
  }
}

void ModelGate::count(const char* outcome) {
  auto labels = named(ai_);
  labels.emplace_back("outcome", outcome);
  metrics_.counter("rubricon_ai_calls_total", "Questions to models, by what came of them", labels)
      .add();
}

void ModelGate::show() {
  state_.set(static_cast<double>(breaker_.state(clock_.monotonic())));
  waiting_.set(static_cast<double>(bulkhead_.waiting()));
  busy_.set(static_cast<double>(bulkhead_.busy()));
}

}  // namespace rubricon::worker
