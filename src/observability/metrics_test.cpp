#include <rubricon/observability/metrics.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace rubricon::observability {
namespace {

TEST(MetricsTest, renders_families_by_name_in_the_text_format) {
  Metrics metrics;
  metrics.counter("rubricon_b_total", "Things counted", {{"outcome", "ok"}}).add(3);
  metrics.counter("rubricon_b_total", "Things counted", {{"outcome", "failed"}}).add();
  metrics.gauge("rubricon_a", "A level").set(1.5);
  metrics.observed("rubricon_c", "Read when asked", [] { return 7.0; });
  EXPECT_EQ(metrics.render(),
            "# HELP rubricon_a A level\n"
            "# TYPE rubricon_a gauge\n"
            "rubricon_a 1.5\n"
            "# HELP rubricon_b_total Things counted\n"
            "# TYPE rubricon_b_total counter\n"
            "rubricon_b_total{outcome=\"failed\"} 1\n"
            "rubricon_b_total{outcome=\"ok\"} 3\n"
            "# HELP rubricon_c Read when asked\n"
            "# TYPE rubricon_c gauge\n"
            "rubricon_c 7\n");
}

TEST(MetricsTest, renders_histograms_with_cumulative_buckets) {
  Metrics metrics;
  auto& seconds = metrics.histogram("rubricon_seconds", "Time", {0.1, 1}, {{"route", "x"}});
  for (const double value : {0.05, 0.1, 0.5, 3.0}) seconds.observe(value);
  EXPECT_EQ(seconds.count(), 4u);
  EXPECT_EQ(metrics.render(),
            "# HELP rubricon_seconds Time\n"
            "# TYPE rubricon_seconds histogram\n"
            "rubricon_seconds_bucket{route=\"x\",le=\"0.1\"} 2\n"
            "rubricon_seconds_bucket{route=\"x\",le=\"1\"} 3\n"
            "rubricon_seconds_bucket{route=\"x\",le=\"+Inf\"} 4\n"
            "rubricon_seconds_sum{route=\"x\"} 3.65\n"
            "rubricon_seconds_count{route=\"x\"} 4\n");
}

TEST(MetricsTest, the_same_name_and_labels_are_the_same_metric) {
  Metrics metrics;
  auto& first = metrics.counter("rubricon_x_total", "X");
  EXPECT_EQ(&first, &metrics.counter("rubricon_x_total", "X"));
  EXPECT_NE(&first, &metrics.counter("rubricon_x_total", "X", {{"a", "b"}}));
}

TEST(MetricsTest, escapes_label_values_and_help_texts) {
  Metrics metrics;
  metrics.gauge("rubricon_x", "a\\b\nc", {{"v", "q\"\\\n"}})
      .set(std::numeric_limits<double>::infinity());
  EXPECT_EQ(metrics.render(),
            "# HELP rubricon_x a\\\\b\\nc\n"
            "# TYPE rubricon_x gauge\n"
            "rubricon_x{v=\"q\\\"\\\\\\n\"} +Inf\n");
}

TEST(MetricsDeathTest, misuse_is_a_bug) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Metrics metrics;
  metrics.counter("rubricon_x", "X");
  EXPECT_DEATH(metrics.gauge("rubricon_x", "X"), "kind");
  EXPECT_DEATH(metrics.counter("rubricon-x", "X"), "is_name");
  const auto overflow = [&metrics] {
    for (int i = 0; i < 200; ++i) metrics.counter("rubricon_y", "Y", {{"id", std::to_string(i)}});
  };
  EXPECT_DEATH(overflow(), "label_sets_max");
}

}  // namespace
}  // namespace rubricon::observability
