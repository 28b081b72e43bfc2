/// Probes a server for ever and tells how it went: `rubricon verify --canary`.
#pragma once

#include <rubricon/base/task.hpp>
#include <rubricon/canary/probe.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/observability/metrics.hpp>

#include <array>
#include <string>

namespace rubricon::canary {

/// "stored after 3 ms, heard after 5 ms, answered after 120 ms", or "hear: no answer in time".
std::string to_text(const Outcome& outcome);

/// One executor. `probe`, `log` and `metrics` outlive it.
class Canary {
 public:
  Canary(Probe& probe, observability::Log& log, observability::Metrics& metrics);

  /// Counts and logs an outcome.
  void record(const Outcome& outcome);

  /// A probe every `pace`, from begin to begin; one that takes longer is followed at once. Ends
  /// only by cancellation.
  base::Task<void> run(base::Milliseconds pace, const ports::Clock* clock);

 private:
  Probe& probe_;
  observability::Log& log_;
  observability::Counter& succeeded_;
  std::array<observability::Counter*, step_count> failed_{};  ///< by step
  observability::Histogram& stored_;
  observability::Histogram& heard_;
  observability::Histogram& answered_;
  observability::Gauge& up_;
};

}  // namespace rubricon::canary
