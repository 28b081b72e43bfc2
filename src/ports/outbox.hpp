/// What was committed and not yet handed to the broker.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/ai_job.hpp>
#include <rubricon/domain/event.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rubricon::ports {

using OutboxId = base::Number<struct OutboxTag>;

struct OutboxRow {
  OutboxId id;
  domain::Event event;
  /// The AI job to announce: of a prompt that wants an answer; or, with an answer or a failure, of
  /// the chat's next open prompt, which could not be worked on until now.
  std::optional<domain::JobId> job;
  /// Not empty where the stored row cannot be read, and why: the rest is worth nothing then, and
  /// only the id counts. It is claimed as any other, so it holds nobody back.
  std::string defect;
};

/// Rows are claimed for a time, published, then deleted; never read past by a cursor over ids,
/// which loses rows that commit late. Faults: throws base::Unavailable when the
/// store cannot answer before `deadline`.
class Outbox {
 public:
  virtual ~Outbox() = default;

  /// Claims at most `limit` unclaimed rows, or rows whose claim has expired, in commit order, for
  /// `lease`. Rows that nobody deletes are claimable again afterwards.
  virtual base::Task<std::vector<OutboxRow>> claim(std::size_t limit, base::Milliseconds lease,
                                                   base::Deadline deadline) = 0;
  /// After the broker has confirmed them. Unknown ids are ignored.
  virtual base::Task<void> erase(std::vector<OutboxId> ids, base::Deadline deadline) = 0;
  /// Gives claimed rows back at once (the broker refused them).
  virtual base::Task<void> release(std::vector<OutboxId> ids, base::Deadline deadline) = 0;
  /// Age of the oldest row, claimed or not; zero when empty.
  virtual base::Task<base::Milliseconds> oldest_age(base::Deadline deadline) = 0;

  /// `poke` is called after each commit that wrote outbox rows, from any thread; it must return at
  /// once and not throw. Only a hint: rows of a dead process are found by claiming periodically.
  /// One listener; an empty function unsets it and returns only when no call is in flight.
  virtual void on_commit(std::function<void()> poke) = 0;
};

}  // namespace rubricon::ports
