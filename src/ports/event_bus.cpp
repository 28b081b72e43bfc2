#include <rubricon/ports/event_bus.hpp>

#include <rubricon/base/fault.hpp>

namespace rubricon::ports {

base::Task<void> try_to_announce(JobQueue* jobs, domain::JobId job, base::Deadline deadline) {
  try {
    co_await jobs->announce({job}, deadline);
  } catch (const base::Unavailable&) {
    // A worker's sweep finds it.
  }
}

}  // namespace rubricon::ports
