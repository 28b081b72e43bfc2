/// One question from prompt to answer: in the dialect that the endpoint understands, with one
/// repair of a rubric that cannot be used.
#pragma once

#include <rubricon/ai_http/canary_guard.hpp>
#include <rubricon/ai_http/conversation.hpp>
#include <rubricon/ai_http/model_call.hpp>
#include <rubricon/ai_http/rubric_turn.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/ports/ai_client.hpp>
#include <rubricon/ports/random.hpp>

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rubricon::ai_http {

struct AnswerTools {
  HttpStream& http;
  const ports::Clock& clock;
  ports::Random& random;
  observability::Log& log;
  const Options& options;
  Dialect& dialect;  ///< what the endpoint was found to understand; kept up to date
};

/// Used once, by one coroutine on the shard of `tools.dialect`. Tools outlive it.
class AnswerRun {
 public:
  AnswerRun(AnswerTools tools, ports::AiRequest request, ports::DeltaHandler on_delta,
            base::Deadline deadline);

  /// As AiClient::answer. The answer's text is what was delivered, to the byte.
  base::Task<base::Result<ports::AiAnswer>> run();

  std::optional<base::Instant::duration> first_token_after() const { return first_token_after_; }

 private:
  using Call = std::unique_ptr<ModelCall>;

  base::Result<void> read_rubric();
  base::Task<base::Result<Call>> ask();
  base::Task<base::Result<RubricTurn>> understand(std::string written, std::string problem);
  base::Task<base::Result<RubricTurn>> repair(std::string error);
  base::Task<void> take_turn();
  base::Result<RubricTurn> apply(const std::string& written) const;
  std::string answered() const;
  void count(const ModelCall& call);
  void conclude(const RubricTurn& turn);
  void say_what_was_left_unsaid(const ModelTurn& turn);
  void say(std::string_view text);
  /// The model's own words, until they repeat its instructions.
  bool show_guarded(std::string_view text);
  void withhold();
  bool show(std::string_view text);
  std::unexpected<base::Error> refused(const Refusal& refusal) const;
  std::string random_hex(std::size_t bytes) const;

  AnswerTools tools_;
  ports::AiRequest request_;
  ports::DeltaHandler on_delta_;
  base::Deadline deadline_;
  domain::Locale locale_;
  std::optional<domain::Rubric> rubric_;
  std::vector<ChatMessage> messages_;  ///< of the last call
  Dialect spoken_;                     ///< in the last call
  std::optional<CanaryGuard> guard_;
  Call call_;
  ports::AiAnswer answer_;
  std::optional<base::Instant::duration> first_token_after_;
};

}  // namespace rubricon::ai_http
