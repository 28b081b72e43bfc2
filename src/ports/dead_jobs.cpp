#include <rubricon/ports/dead_jobs.hpp>

#include <rubricon/base/fault.hpp>

namespace rubricon::ports {

base::Task<base::Result<domain::JobId>> ask_again(DeadJobs* dead, JobQueue* jobs, domain::JobId job,
                                                  base::Deadline deadline) {
  auto asked = co_await dead->replay(job, deadline);
  if (!asked) co_return asked;
  try {
    co_await jobs->announce({*asked}, deadline);
  } catch (const base::Unavailable&) {
    // A worker's sweep finds it.
  }
  co_return asked;
}

}  // namespace rubricon::ports
