#include <rubricon/worker/stop_watch.hpp>

#include <rubricon/base/cancellation.hpp>
#include <rubricon/base/pause.hpp>
#include <rubricon/observability/fault_level.hpp>

namespace rubricon::worker {

base::Task<void> until_stopped(AnswerServices services, domain::JobId job, AnswerOptions options) {
  for (;;) {
    co_await base::pause(options.stop_check);
    try {
      const auto deadline = base::Deadline::after(services.clock.monotonic(), options.call_timeout);
      if (co_await services.jobs.stop_wanted(job, deadline)) co_return;
    } catch (const std::exception& error) {
      if (base::is_cancellation(error)) throw;
      services.log.repeated(observability::fault_level(error), "worker.stop_check_failed",
                            {{"error.message", error.what()}});
    }
  }
}

}  // namespace rubricon::worker
