/// How a worker hears that somebody has stopped the answer which it is writing.
#pragma once

#include <rubricon/worker/answer.hpp>

namespace rubricon::worker {

/// Resolves when the job was stopped, at most `options.stop_check` and one call of the store later:
/// it asks the store again and again, since whoever stops an answer may be in another process. A
/// store that is away is asked on. Throws only where it is cancelled.
base::Task<void> until_stopped(AnswerServices services, domain::JobId job, AnswerOptions options);

}  // namespace rubricon::worker
