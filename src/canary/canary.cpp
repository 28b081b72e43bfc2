#include <rubricon/canary/canary.hpp>

#include <rubricon/base/pause.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace rubricon::canary {
namespace {

observability::Histogram& delay(observability::Metrics& metrics, const char* until) {
  return metrics.histogram("rubricon_canary_delay_seconds", "From the POST of a probe",
                           observability::duration_buckets(), {{"until", until}});
}

double seconds(base::Milliseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

std::string to_text(const Outcome& outcome) {
  if (outcome.failure) {
    return fmt::format("{}: {}", to_string(outcome.failure->step), outcome.failure->what);
  }
  const auto& delays = outcome.delays;
  return fmt::format("stored after {} ms, heard after {} ms, answered after {} ms",
                     delays.stored.count(), delays.heard.count(), delays.answered.count());
}

Canary::Canary(Probe& probe, observability::Log& log, observability::Metrics& metrics)
    : probe_(probe),
      log_(log),
      succeeded_(metrics.counter("rubricon_canary_probes_total", "Probes, by the step that failed",
                                 {{"failed", "none"}})),
      stored_(delay(metrics, "stored")),
      heard_(delay(metrics, "heard")),
      answered_(delay(metrics, "answered")),
      up_(metrics.gauge("rubricon_canary_up", "1 where the last probe succeeded")) {
  for (std::size_t i = 0; i < step_count; ++i) {
    failed_[i] = &metrics.counter("rubricon_canary_probes_total", "Probes, by the step that failed",
                                  {{"failed", std::string(to_string(static_cast<Step>(i)))}});
  }
}

void Canary::record(const Outcome& outcome) {
  const auto& delays = outcome.delays;
  up_.set(outcome.failure ? 0 : 1);
  if (delays.stored.count() > 0) stored_.observe(seconds(delays.stored));
  if (delays.heard.count() > 0) heard_.observe(seconds(delays.heard));
  if (outcome.failure) {
    failed_.at(static_cast<std::size_t>(outcome.failure->step))->add();
    log_.error("canary.failed", {{"step", to_string(outcome.failure->step)},
                                 {"error.message", outcome.failure->what},
                                 {"stored_ms", delays.stored.count()},
                                 {"heard_ms", delays.heard.count()}});
    return;
  }
  succeeded_.add();
  answered_.observe(seconds(delays.answered));
  log_.info("canary.succeeded", {{"stored_ms", delays.stored.count()},
                                 {"heard_ms", delays.heard.count()},
                                 {"answered_ms", delays.answered.count()}});
}

base::Task<void> Canary::run(base::Milliseconds pace, const ports::Clock* clock) {
  for (;;) {
    const auto next = clock->monotonic() + pace;
    record(co_await probe_.run());
    const auto rest = next - clock->monotonic();
    if (rest > rest.zero()) co_await base::pause(rest);
  }
}

}  // namespace rubricon::canary
