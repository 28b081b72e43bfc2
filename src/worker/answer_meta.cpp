#include <rubricon/worker/answer_meta.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace rubricon::worker {

namespace json = boost::json;

std::string answer_meta(const ports::AiAnswer& answer, ports::AnswerEnding ending,
                        const RubricChange& change, const std::optional<std::string>& suspicious) {
  json::object meta = {{"source", answer.source},
                       {"degraded", answer.degraded},
                       {"outcome", ports::to_string(answer.outcome)}};
  if (ending == ports::AnswerEnding::stopped) meta["stopped"] = true;
  if (suspicious) meta["suspicious"] = *suspicious;
  if (!answer.template_id.empty()) meta["template"] = answer.template_id;
  if (answer.usage) {
    json::object usage = {{"promptTokens", answer.usage->prompt_tokens},
                          {"completionTokens", answer.usage->completion_tokens}};
    if (answer.usage->cost) usage["cost"] = *answer.usage->cost;
    meta["usage"] = std::move(usage);
  }
  if (!answer.choices.empty()) {
    json::array choices;
    for (const auto& choice : answer.choices) {
      choices.push_back({{"label", choice.label}, {"text", choice.text}});
    }
    meta["choices"] = std::move(choices);
  }
  if (answer.rubric && !change.rubric) meta["outcome"] = "unchanged";
  if (change.proposal) {
    meta["outcome"] = "proposed";
    meta["proposal"] = json::parse(*change.proposal);
  }
  return json::serialize(meta);
}

}  // namespace rubricon::worker
