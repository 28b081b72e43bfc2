#include <rubricon/ai_rules/assistant.hpp>

#include <rubricon/ai_rules/answering.hpp>
#include <rubricon/ai_rules/rules.hpp>

namespace rubricon::ai_rules {

namespace embedded {
extern const std::string_view rubric_knowledge;
extern const std::string_view intents;
}  // namespace embedded

Assistant::Assistant()
    : rules_(std::make_unique<const Rules>(embedded::intents)),
      library_(std::make_unique<const Library>(embedded::rubric_knowledge, rules_->script())) {}

Assistant::~Assistant() = default;

ports::AiAnswer Assistant::respond(const ports::AiRequest& request) const {
  return Answering(*library_, *rules_, request).run();
}

bool Assistant::goes_back_or_forth(std::string_view message) const {
  constexpr std::size_t bytes_max = 120;
  if (message.size() > bytes_max) return false;
  const auto folded = rules_->fold(message);
  const auto inner = rules_->strip(folded);
  const auto text = std::string_view(folded).substr(inner.begin, inner.end - inner.begin);
  const auto readings = rules_->match(text);
  if (readings.empty()) return false;
  const auto& best = readings.front();
  const bool whole = best.extent.begin == 0 && best.extent.end == text.size();
  return whole && (best.intent == Intent::undo || best.intent == Intent::redo);
}

}  // namespace rubricon::ai_rules
