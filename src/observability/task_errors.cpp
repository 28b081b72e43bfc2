#include <rubricon/observability/task_errors.hpp>

#include <exception>

namespace rubricon::observability {

base::TaskGroup::ErrorHandler log_task_errors(Log& log, std::string event) {
  return [&log, event = std::move(event)](std::exception_ptr error) {
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& e) {
      log.error(event, {{"error.message", e.what()}});
    } catch (...) {
      log.error(event, {{"error.message", "unknown exception"}});
    }
  };
}

}  // namespace rubricon::observability
