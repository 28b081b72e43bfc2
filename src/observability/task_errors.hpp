/// What a TaskGroup does with an exception that nobody caught: it is a bug or a fault in the wrong
/// place, so it is logged as an error.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/observability/log.hpp>

#include <string>

namespace rubricon::observability {

/// Logs `event` with the exception's text. `log` must outlive the group.
base::TaskGroup::ErrorHandler log_task_errors(Log& log, std::string event);

}  // namespace rubricon::observability
