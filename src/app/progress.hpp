/// How far a long command has come, on standard error: a bar on a terminal, else a line now and
/// then.
#pragma once

#include <rubricon/ports/clock.hpp>

#include <cstdint>

namespace rubricon::app {

class Progress {
 public:
  /// `clock` outlives it.
  explicit Progress(const ports::Clock& clock);
  /// Ends the bar's line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Cheap, and prints only where something was not printed for a while.
  void show(std::int64_t done, std::int64_t all);

 private:
  const ports::Clock& clock_;
  const bool terminal_;
  const base::Instant begun_;
  base::Instant shown_;
  bool line_open_ = false;
};

}  // namespace rubricon::app
