/// AI jobs: leased to workers, fenced, answered at most once.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/ai_job.hpp>
#include <rubricon/domain/chat.hpp>
#include <rubricon/domain/event.hpp>
#include <rubricon/domain/user.hpp>

#include <optional>
#include <string>
#include <vector>

namespace rubricon::ports {

/// Messages that a worker is told beside the prompt.
inline constexpr std::size_t prompt_history_max = 40;
/// Bytes of an answer's text.
inline constexpr std::size_t answer_bytes_max = 64 * 1024;

/// No lease is longer. One that ends later than this from now was given by a clock that was wrong
/// and has been set back since: it holds nobody, and the fence sees to its worker.
inline constexpr base::Milliseconds lease_max{120'000};

/// A claimed job with all that a worker needs, read in the claiming transaction.
struct ClaimedJob {
  domain::AiJob job;
  domain::Message prompt;
  /// Up to `prompt_history_max` messages, oldest first: those before the prompt, and the answers to
  /// earlier prompts that were given after it.
  std::vector<domain::Message> history;
  std::string chat_title;
  domain::ContextJson context;
  std::optional<std::string> rubric;  ///< current document, JSON text
  domain::RubricVersion rubric_version;
  domain::Locale locale = domain::Locale::zh_tw;  ///< of the one who asked
  std::string trace;
  std::optional<std::string> previous_rubric;  ///< version `rubric_version` - 1, where there is one
  bool stopped = false;  ///< no more is wanted than to end it with what was seen of its answer
};

/// Whether the AI came to its end, or somebody stopped it.
enum class AnswerEnding { whole, stopped };

struct FinishedAnswer {
  domain::JobId job;
  domain::Fence fence;
  std::string content;  ///< 1..answer_bytes_max bytes UTF-8
  std::string meta;     ///< JSON object text; `rubricVersion` is added by the store
  /// A new rubric document, and the version it was made from. If that is no longer the current one,
  /// nothing is stored and conflict/"rubric_changed" is returned: the worker answers again.
  std::optional<std::string> rubric;
  domain::RubricVersion rubric_base;
  std::string title;  ///< for a chat that has none yet; may be empty
  AnswerEnding ending = AnswerEnding::whole;
};

/// Faults: throws base::Unavailable when the store cannot answer before `deadline`.
class JobStore {
 public:
  virtual ~JobStore() = default;

  /// Takes the job if it is queued, or running with an expired lease: attempt + 1, a new fence.
  /// `lease` is at most `lease_max`. At most one job of a chat runs at a time, in prompt order.
  /// nullopt where there is nothing to do now: unknown, finished, leased, or an earlier prompt of
  /// the chat is unanswered, or another one of the chat is being answered (an edited question comes
  /// back out of its turn).
  virtual base::Task<std::optional<ClaimedJob>> claim(domain::JobId job, base::Milliseconds lease,
                                                      base::Deadline deadline) = 0;
  /// Extends the lease. False where the fence is no longer ours: stop working.
  virtual base::Task<bool> heartbeat(domain::JobId job, domain::Fence fence,
                                     base::Milliseconds lease, base::Deadline deadline) = 0;
  /// Gives a claimed job back as queued (the worker is leaving, or must read everything afresh).
  /// The attempt counts. False, and nothing changed, where the fence is no longer ours.
  virtual base::Task<bool> release(domain::JobId job, domain::Fence fence,
                                   base::Deadline deadline) = 0;
  /// Stores answer, rubric version, events and outbox rows, and marks the job done, in one durable
  /// transaction; resolves after the commit. conflict/"stale_fence" and nothing stored where the
  /// fence is not the newest or the job has ended; conflict/"answer_stopped", and the job still the
  /// caller's, where it was stopped and the answer's `ending` does not say so: after a stop nothing
  /// changes but by what was seen.
  virtual base::Task<base::Result<domain::Position>> finish(FinishedAnswer answer,
                                                            base::Deadline deadline) = 0;
  /// Gives up visibly: answer-failed {jobId, replyTo, code} in the chat's stream. `reason` is the
  /// code, of a closed set of words such as "ai_unavailable". conflict/"stale_fence" as above. With
  /// domain::stopped_code it is no failure, and no dead job.
  virtual base::Task<base::Result<domain::Position>> fail(domain::JobId job, domain::Fence fence,
                                                          std::string reason,
                                                          base::Deadline deadline) = 0;
  /// Whether the job runs and somebody has stopped it (MessageStore::stop_answer). A read; for
  /// asking again and again while an answer is written.
  virtual base::Task<bool> stop_wanted(domain::JobId job, base::Deadline deadline) = 0;
  /// Jobs that somebody should look at: queued for more than `queued_for` (or in the future: the
  /// clock was set back), or with an expired lease; of each chat only the earliest open one. Oldest
  /// first, at most `limit`.
  virtual base::Task<std::vector<domain::JobId>> due(base::Milliseconds queued_for,
                                                     std::size_t limit,
                                                     base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
