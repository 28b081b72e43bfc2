/// What a load measured, as one line of JSON on standard output.
#pragma once

#include "cpu.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

class Latencies {
 public:
  void add(std::int64_t ns) { all_.push_back(ns); }
  void clear() { all_.clear(); }
  /// `{"n":…,"p50":…,"p99":…,"max":…}` in milliseconds.
  std::string json();

 private:
  std::vector<std::int64_t> all_;
};

/// Processor time and clock between two moments.
class Span {
 public:
  explicit Span(Servers servers);
  void end();

  double seconds() const { return static_cast<double>(ended_ - begun_) / 1e9; }
  /// Microseconds of processor for each of `count` things, by server: `{"server":12.3}`.
  std::string cpu_us_per(double count) const;

 private:
  Servers servers_;
  std::int64_t begun_;
  std::int64_t ended_ = 0;
  std::map<std::string, std::int64_t> before_;
  std::map<std::string, std::int64_t> after_;
};

}  // namespace bench
