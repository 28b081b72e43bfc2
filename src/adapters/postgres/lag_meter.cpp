#include <rubricon/postgres/lag_meter.hpp>

#include <algorithm>

namespace rubricon::postgres {

void LagMeter::primary_at(base::Instant at, WalPlace place) {
  // Of an idle time the beginning counts: since then nothing new was to be replayed.
  if (!samples_.empty() && samples_.back().place >= place) return;
  samples_.push_back({at, place});
  if (samples_.size() > samples_max) samples_.pop_front();
}

base::Milliseconds LagMeter::lag(base::Instant now, WalPlace replayed) const {
  const auto missing = std::ranges::find_if(
      samples_, [replayed](const Sample& sample) { return sample.place > replayed; });
  if (missing == samples_.end()) return base::Milliseconds(0);
  return std::chrono::duration_cast<base::Milliseconds>(now - missing->at);
}

}  // namespace rubricon::postgres
