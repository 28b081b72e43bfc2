#include <rubricon/ports/dead_jobs.hpp>

namespace rubricon::ports {

std::string_view explanation_of(std::string_view reason) noexcept {
  if (reason == "ai_unavailable") {
    return "The assistant could not be asked, or gave no answer, each time that a worker tried. "
           "See that its service works (rubricon doctor), then ask again.";
  }
  if (reason == "too_many_attempts") {
    return "Workers began again and again and never ended: they were killed, or stood still. "
           "Look into their logs for this job before you ask again, since it may end the next one.";
  }
  if (reason == "answer_unusable") {
    return "What the assistant answered could not be read as an answer. "
           "Ask again; where it fails once more, the model is wrong for this work.";
  }
  if (reason == "answer_refused") {
    return "The answer was there, but the store refused it, and would refuse it again. "
           "The worker's log says why, under this job's id.";
  }
  return "The worker's log says more, under this job's id. Ask again.";
}

base::Task<base::Result<domain::JobId>> ask_again(DeadJobs* dead, JobQueue* jobs, domain::JobId job,
                                                  base::Deadline deadline) {
  auto asked = co_await dead->replay(job, deadline);
  if (asked) co_await try_to_announce(jobs, *asked, deadline);
  co_return asked;
}

}  // namespace rubricon::ports
