/// Questions that were given up visibly (`answer-failed`) and that nobody has asked anew, for
/// operators.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/base/time.hpp>
#include <rubricon/domain/ids.hpp>
#include <rubricon/ports/event_bus.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::ports {

struct DeadJob {
  domain::JobId job;
  domain::ChatId chat;
  domain::Seq prompt;
  int attempts = 0;    ///< how often a worker had begun
  std::string reason;  ///< a word, as in `answer-failed`
  base::Time failed_at;
};

/// What happened and what to do, in English, for whoever runs the system.
std::string_view explanation_of(std::string_view reason) noexcept;

/// Faults: throws base::Unavailable when the store cannot answer before `deadline`.
class DeadJobs {
 public:
  virtual ~DeadJobs() = default;

  /// Those older than `before`, newest first, at most `limit`. Not listed: what was asked anew, and
  /// what nobody can answer any more because the question or its chat was deleted.
  virtual base::Task<std::vector<DeadJob>> list(std::optional<domain::JobId> before,
                                                std::size_t limit, base::Deadline deadline) = 0;
  /// Asks the question again, as the next variant of the job: it ends once more in exactly one
  /// answer or one visible failure. Nobody is told but by `JobStore::due`. Returns the new job;
  /// not_found for what would not be listed, so a repetition does nothing; conflict/"assistant_off"
  /// where the chat has the assistant switched off.
  virtual base::Task<base::Result<domain::JobId>> replay(domain::JobId job,
                                                         base::Deadline deadline) = 0;
};

/// Both outlive the call. Replays it and tells the workers, who find it by themselves where they
/// cannot be told.
base::Task<base::Result<domain::JobId>> ask_again(DeadJobs* dead, JobQueue* jobs, domain::JobId job,
                                                  base::Deadline deadline);

}  // namespace rubricon::ports
