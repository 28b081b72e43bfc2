/// Counters, gauges and histograms, rendered in Prometheus' text format. Names are
/// `rubricon_<module>_<noun>_<unit>[_total]` in base units; labels come from closed sets (a status
/// class, an outcome), never from users, chats or addresses.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace rubricon::observability {

/// Only grows. Safe from any thread.
class Counter {
 public:
  void add(std::uint64_t n = 1) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// Goes up and down. Safe from any thread.
class Gauge {
 public:
  void set(double value) noexcept { value_.store(value, std::memory_order_relaxed); }
  void add(double n) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
  double value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

/// Counts observations into buckets with fixed upper bounds. Safe from any thread; a rendering that
/// runs beside `observe` may be off by that one observation.
class Histogram {
 public:
  /// `bounds` ascending; a last bucket without bound is added.
  explicit Histogram(std::vector<double> bounds);
  void observe(double value) noexcept;

  std::uint64_t count() const noexcept;
  double sum() const noexcept { return sum_.load(std::memory_order_relaxed); }
  const std::vector<double>& bounds() const { return bounds_; }
  /// Observations that fell into bucket `i` alone (not cumulative); `i` ≤ bounds().size().
  std::uint64_t bucket(std::size_t i) const noexcept;

 private:
  std::vector<double> bounds_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> buckets_;
  std::atomic<double> sum_{0};
};

/// 1 ms to 10 s, for durations in seconds.
std::vector<double> duration_buckets();

using Labels = std::vector<std::pair<std::string, std::string>>;

/// Owns the metrics. Asking again for the same name and labels returns the same object; references
/// live as long as the registry. A name used for two kinds, an invalid name, or more than 100 label
/// sets of one name is a bug and asserts. Safe to call from any thread.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  Counter& counter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge& gauge(const std::string& name, const std::string& help, const Labels& labels = {});
  Histogram& histogram(const std::string& name, const std::string& help,
                       const std::vector<double>& bounds = duration_buckets(),
                       const Labels& labels = {});
  /// A gauge that is read when rendered. `read` runs on the renderer's thread.
  void observed(const std::string& name, const std::string& help, std::function<double()> read,
                const Labels& labels = {});

  /// Prometheus text format 0.0.4, families sorted by name.
  std::string render() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rubricon::observability
