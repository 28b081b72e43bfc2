#include <rubricon/observability/metrics.hpp>

#include <rubricon/base/assert.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <mutex>
#include <string_view>

namespace rubricon::observability {
namespace {

constexpr std::size_t label_sets_max = 100;

bool is_name(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && is_letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

std::string format_number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

/// The same for help texts and label values, except that quotes matter in the latter only.
std::string escape(std::string_view text, std::string_view special) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n') {
      escaped.append("\\n");
      continue;
    }
    if (special.contains(c)) escaped.push_back('\\');
    escaped.push_back(c);
  }
  return escaped;
}

/// `a="b",c="d"`, in the order given.
std::string format_labels(const Labels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    RUBRICON_ASSERT(is_name(name));
    if (!text.empty()) text.push_back(',');
    text.append(name).append("=\"").append(escape(value, "\\\"")).push_back('"');
  }
  return text;
}

void append_sample(std::string& out, std::string_view name, std::string_view labels,
                   std::string_view more_labels, const std::string& value) {
  out.append(name);
  if (!labels.empty() || !more_labels.empty()) {
    out.append("{").append(labels);
    if (!labels.empty() && !more_labels.empty()) out.push_back(',');
    out.append(more_labels).append("}");
  }
  out.append(" ").append(value).append("\n");
}

void append_histogram(std::string& out, const std::string& name, const std::string& labels,
                      const Histogram& histogram) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i <= histogram.bounds().size(); ++i) {
    total += histogram.bucket(i);
    const bool last = i == histogram.bounds().size();
    const auto bound = last ? "+Inf" : format_number(histogram.bounds()[i]);
    append_sample(out, name + "_bucket", labels, fmt::format("le=\"{}\"", bound),
                  fmt::format("{}", total));
  }
  append_sample(out, name + "_sum", labels, {}, format_number(histogram.sum()));
  append_sample(out, name + "_count", labels, {}, fmt::format("{}", total));
}

}  // namespace

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)),
      buckets_(std::make_unique<std::atomic<std::uint64_t>[]>(bounds_.size() + 1)) {
  RUBRICON_ASSERT(std::ranges::is_sorted(bounds_));
}

void Histogram::observe(double value) noexcept {
  const auto bound = std::ranges::lower_bound(bounds_, value);
  buckets_[static_cast<std::size_t>(bound - bounds_.begin())].fetch_add(1,
                                                                        std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

std::uint64_t Histogram::count() const noexcept {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i <= bounds_.size(); ++i) total += bucket(i);
  return total;
}

std::uint64_t Histogram::bucket(std::size_t i) const noexcept {
  return buckets_[i].load(std::memory_order_relaxed);
}

std::vector<double> duration_buckets() {
  return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

struct Metrics::State {
  enum class Kind { counter, gauge, histogram };
  /// One of the four is set.
  struct Series {
    std::unique_ptr<Counter> counter;
    std::unique_ptr<Gauge> gauge;
    std::unique_ptr<Histogram> histogram;
    std::function<double()> read;
  };
  struct Family {
    Kind kind;
    std::string help;
    std::map<std::string, Series> series;  ///< by formatted labels
  };

  mutable std::mutex mutex;
  std::map<std::string, Family> families;

  /// Call with the mutex held.
  Series& find(const std::string& name, const std::string& help, Kind kind, const Labels& labels) {
    RUBRICON_ASSERT(is_name(name));
    auto& family = families.try_emplace(name, Family{kind, help, {}}).first->second;
    RUBRICON_ASSERT(family.kind == kind);
    auto& series = family.series[format_labels(labels)];
    RUBRICON_ASSERT(family.series.size() <= label_sets_max);
    return series;
  }
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

Counter& Metrics::counter(const std::string& name, const std::string& help, const Labels& labels) {
  const std::lock_guard lock(state_->mutex);
  auto& counter = state_->find(name, help, State::Kind::counter, labels).counter;
  if (!counter) counter = std::make_unique<Counter>();
  return *counter;
}

Gauge& Metrics::gauge(const std::string& name, const std::string& help, const Labels& labels) {
  const std::lock_guard lock(state_->mutex);
  auto& gauge = state_->find(name, help, State::Kind::gauge, labels).gauge;
  if (!gauge) gauge = std::make_unique<Gauge>();
  return *gauge;
}

Histogram& Metrics::histogram(const std::string& name, const std::string& help,
                              const std::vector<double>& bounds, const Labels& labels) {
  const std::lock_guard lock(state_->mutex);
  auto& histogram = state_->find(name, help, State::Kind::histogram, labels).histogram;
  if (!histogram) histogram = std::make_unique<Histogram>(bounds);
  return *histogram;
}

void Metrics::observed(const std::string& name, const std::string& help,
                       std::function<double()> read, const Labels& labels) {
  const std::lock_guard lock(state_->mutex);
  state_->find(name, help, State::Kind::gauge, labels).read = std::move(read);
}

std::string Metrics::render() const {
  constexpr const char* kinds[] = {"counter", "gauge", "histogram"};
  const std::lock_guard lock(state_->mutex);
  std::string out;
  for (const auto& [name, family] : state_->families) {
    fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", name,
                   escape(family.help, "\\"), name, kinds[static_cast<int>(family.kind)]);
    for (const auto& [labels, series] : family.series) {
      if (series.histogram) {
        append_histogram(out, name, labels, *series.histogram);
      } else if (series.counter) {
        append_sample(out, name, labels, {}, fmt::format("{}", series.counter->value()));
      } else {
        const double value = series.read ? series.read() : series.gauge->value();
        append_sample(out, name, labels, {}, format_number(value));
      }
    }
  }
  return out;
}

}  // namespace rubricon::observability
