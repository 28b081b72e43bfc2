/// Waiting, as a coroutine that a TaskGroup can cancel.
#pragma once

#include <rubricon/base/task.hpp>
#include <rubricon/base/time.hpp>

namespace rubricon::gateway {

base::Task<void> pause(base::Milliseconds time);

}  // namespace rubricon::gateway
