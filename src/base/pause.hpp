/// Waiting, as a coroutine that a TaskGroup can cancel.
#pragma once

#include <rubricon/base/task.hpp>
#include <rubricon/base/time.hpp>

namespace rubricon::base {

/// Resumes on the caller's executor after `time`; throws what Asio throws where it is cancelled.
Task<void> pause(Instant::duration time);

}  // namespace rubricon::base
