/// The rule-based assistant as an AiClient: works without network, keys or a model.
#pragma once

#include <rubricon/base/work_pool.hpp>
#include <rubricon/ports/ai_client.hpp>
#include <rubricon/ports/clock.hpp>

#include <memory>

namespace rubricon::ai_rules {

class Assistant;

/// How the finished answer is handed out, so that a page shows it being written.
struct RulesPace {
  base::Milliseconds piece_pause{20};  ///< between two pieces; zero: no pause
  base::Milliseconds total_max{1500};  ///< pauses of one answer together
};

/// The rules and the library are embedded in the binary and read once, at construction; a broken
/// library is a bug and stops the process there. The thinking is done on a thread of the client's
/// own, one answer after the other; only pauses and pieces are the caller's shard's. Destroy it
/// while the executors of its callers still exist.
class RulesClient final : public ports::AiClient {
 public:
  /// `clock` outlives the client. More than `queue_max` answers in thought are refused.
  explicit RulesClient(const ports::Clock& clock, RulesPace pace = {},
                       std::size_t queue_max = 1'024);
  ~RulesClient() override;

  /// The program's own version: its rules change with it.
  ports::AiModel model() const override;
  /// Undo and redo: it knows the version before, and models do not.
  bool must_answer(const ports::AiRequest& request) const override;
  /// `unavailable` where too many are waiting or the deadline passed before its turn came; a value
  /// in every other case. Pieces end where the reader would pause and hold whole code points; when
  /// the deadline is near the rest comes at once. Cancelling ends it after the thinking, or at
  /// the next pause.
  base::Task<base::Result<ports::AiAnswer>> answer(ports::AiRequest request,
                                                   ports::DeltaHandler on_delta,
                                                   base::Deadline deadline) override;

 private:
  const ports::Clock& clock_;
  RulesPace pace_;
  std::unique_ptr<const Assistant> assistant_;
  base::WorkPool thinking_;
};

}  // namespace rubricon::ai_rules
