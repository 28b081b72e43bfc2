#include <rubricon/ai_rules/assistant.hpp>

#include <rubricon/ai_rules/answering.hpp>

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

}  // namespace rubricon::ai_rules
