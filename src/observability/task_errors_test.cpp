#include <rubricon/observability/task_errors.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace rubricon::observability {
namespace {

TEST(TaskErrors, an_uncaught_exception_is_logged_with_its_event_and_text) {
  std::string line;
  Log log({}, [] { return base::time_from_unix_ms(0); }, [&](std::string_view l) { line = l; });
  log_task_errors(log, "outbox.lost")(std::make_exception_ptr(std::runtime_error("broken")));
  EXPECT_TRUE(line.contains("outbox.lost"));
  EXPECT_TRUE(line.contains("broken"));
}

}  // namespace
}  // namespace rubricon::observability
