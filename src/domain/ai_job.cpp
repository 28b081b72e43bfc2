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

JobState state_without_answer(std::string_view code) noexcept {
  return code == stopped_code ? JobState::done : JobState::failed;
}

std::unexpected<base::Error> nothing_to_stop() {
  return base::fail(base::ErrorCode::conflict, "no answer to it is still to come",
                    "nothing_to_stop");
}

std::unexpected<base::Error> answer_stopped() {
  return base::fail(base::ErrorCode::conflict, "somebody stopped this answer", "answer_stopped");
}

std::unexpected<base::Error> no_such_question() {
  return base::fail(base::ErrorCode::not_found, "no such question", "no_such_question");
}

std::unexpected<base::Error> answer_pending() {
  return base::fail(base::ErrorCode::conflict, "an answer to it is still to come",
                    "answer_pending");
}

std::unexpected<base::Error> assistant_off() {
  return base::fail(base::ErrorCode::conflict, "the assistant is off in this chat",
                    "assistant_off");
}

}  // namespace rubricon::domain
