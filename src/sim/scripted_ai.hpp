/// An assistant that is quick, slow, or not there. Every piece of an answer carries the number of
/// the call that made it, so that a text mixed from two attempts shows.
#pragma once

#include <rubricon/ports/ai_client.hpp>
#include <rubricon/sim/dice.hpp>
#include <rubricon/sim/loop.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace rubricon::sim {

struct AiFaults {
  double unavailable = 0;
};

/// Shared by all workers, as a model behind HTTP is.
class ScriptedAi final : public ports::AiClient {
 public:
  ScriptedAi(Loop& loop, Dice dice) : loop_(loop), dice_(dice) {}

  AiFaults faults;

  ports::AiModel model() const override { return {.name = "scripted", .prompt_version = "1"}; }
  base::Task<base::Result<ports::AiAnswer>> answer(ports::AiRequest request,
                                                   ports::DeltaHandler on_delta,
                                                   base::Deadline deadline) override;

 private:
  Loop& loop_;
  Dice dice_;
  int calls_ = 0;
};

/// The different calls in a text, in order of first appearance.
std::vector<std::string> marks_of(std::string_view text);

}  // namespace rubricon::sim
