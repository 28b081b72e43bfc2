#include <rubricon/domain/ai_job.hpp>

#include <rubricon/base/assert.hpp>

namespace rubricon::domain {

const char* to_string(JobState state) noexcept {
  switch (state) {
    case JobState::queued: return "queued";
    case JobState::running: return "running";
    case JobState::done: return "done";
    case JobState::failed: return "failed";
    case JobState::cancelled: return "cancelled";
  }
  base::assertion_failed("a known JobState", __FILE__, __LINE__);
}

}  // namespace rubricon::domain
