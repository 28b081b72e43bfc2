/// The rule-based assistant as an AiClient: works without network, keys or a model.
#pragma once

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
/// library is a bug and stops the process there. The thinking takes milliseconds on the caller's
/// thread; answers in progress share only immutable data, so any number may run on a shard.
class RulesClient final : public ports::AiClient {
 public:
  /// `clock` outlives the client.
  explicit RulesClient(const ports::Clock& clock, RulesPace pace = {});
  ~RulesClient() override;

  /// Always has a value. Pieces end where the reader would pause and hold whole code points; when
  /// the deadline is near the rest comes at once. Cancelling ends it at the next pause.
  base::Task<base::Result<ports::AiAnswer>> answer(ports::AiRequest request,
                                                   ports::DeltaHandler on_delta,
                                                   base::Deadline deadline) override;

 private:
  const ports::Clock& clock_;
  RulesPace pace_;
  std::unique_ptr<const Assistant> assistant_;
};

}  // namespace rubricon::ai_rules
