#include <rubricon/redis/answer_entries.hpp>

#include <rubricon/redis/digest.hpp>

#include <boost/json.hpp>

#include <utility>

namespace rubricon::redis {
namespace {

namespace json = boost::json;
using ports::AiOutcome;

std::string key_of(const ports::AnswerQuestion& question) {
  return "ai:" + question.user.to_string() + ':' + sha256_hex(ports::canonical_text(question));
}

std::optional<AiOutcome> parse_outcome(std::string_view text) {
  using enum AiOutcome;
  for (const auto outcome : {created, edited, asked, declined, answered, unchanged}) {
    if (text == ports::to_string(outcome)) return outcome;
  }
  return std::nullopt;
}

/// Throws what Boost.JSON throws where something is missing.
ports::AiAnswer read_answer(const json::object& object) {
  const auto text = [&object](const char* name) {
    return std::string(object.at(name).as_string());
  };
  const auto outcome = parse_outcome(text("outcome"));
  if (!outcome) throw boost::system::system_error(json::error::not_exact);
  ports::AiAnswer answer{.text = text("text"),
                         .rubric = {},
                         .outcome = *outcome,
                         .source = text("source"),
                         .template_id = text("template"),
                         .choices = {},
                         .chat_title = text("chatTitle")};
  if (object.contains("rubric")) answer.rubric = text("rubric");
  for (const auto& choice : object.at("choices").as_array()) {
    answer.choices.push_back(
        {std::string(choice.at(0).as_string()), std::string(choice.at(1).as_string())});
  }
  return answer;
}

}  // namespace

std::string answer_json(const ports::AiAnswer& answer) {
  json::array choices;
  for (const auto& choice : answer.choices) {
    choices.push_back(json::array{choice.label, choice.text});
  }
  json::object object{
      {"text", answer.text},           {"outcome", ports::to_string(answer.outcome)},
      {"source", answer.source},       {"template", answer.template_id},
      {"choices", std::move(choices)}, {"chatTitle", answer.chat_title}};
  if (answer.rubric) object["rubric"] = *answer.rubric;
  return json::serialize(object);
}

std::optional<ports::AiAnswer> parse_answer_json(std::string_view text) {
  boost::system::error_code error;
  const auto value = json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object()) return std::nullopt;
  try {
    return read_answer(value.get_object());
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

base::Task<std::optional<ports::AiAnswer>> AnswerEntries::find(ports::AnswerQuestion question,
                                                               base::Deadline deadline) {
  const auto reply = co_await connection_.call(Command{"GET", key_of(question)}, deadline);
  if (!reply.text()) co_return std::nullopt;
  co_return parse_answer_json(*reply.text());
}

base::Task<void> AnswerEntries::keep(ports::AnswerQuestion question, ports::AiAnswer answer,
                                     base::Deadline deadline) {
  Command set{"SET", key_of(question), answer_json(answer), "PX"};
  set.add(kept.count());
  co_await connection_.call(std::move(set), deadline);
}

}  // namespace rubricon::redis
