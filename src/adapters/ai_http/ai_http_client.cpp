#include <rubricon/ai_http/ai_http_client.hpp>

#include <rubricon/ai_http/prompts.hpp>

#include <chrono>
#include <utility>

namespace rubricon::ai_http {
namespace {

const char* outcome_of(const base::Unavailable& fault) {
  if (dynamic_cast<const ports::AiThrottled*>(&fault) != nullptr) return "throttled";
  if (dynamic_cast<const ports::AiMalformed*>(&fault) != nullptr) return "malformed";
  return "unavailable";
}

}  // namespace

AiHttpClient::AiHttpClient(Options options, const Tools& tools)
    : options_(std::move(options)),
      tools_(tools),
      first_token_(tools.metrics.histogram("rubricon_ai_http_first_token_seconds",
                                           "From a question to the model's first token",
                                           {0.1, 0.25, 0.5, 1, 2, 5, 10, 20})) {
  if (options_.transport) dialect_.transport = *options_.transport;
}

ports::AiModel AiHttpClient::model() const {
  return {.name = options_.model, .prompt_version = prompts(domain::Locale::en).version()};
}

base::Task<base::Result<ports::AiAnswer>> AiHttpClient::answer(ports::AiRequest request,
                                                               ports::DeltaHandler on_delta,
                                                               base::Deadline deadline) {
  AnswerRun run({tools_.http, tools_.clock, tools_.random, tools_.log, options_, dialect_},
                std::move(request), std::move(on_delta), deadline);
  try {
    auto answer = co_await run.run();
    count(answer ? "answered" : "refused");
    if (const auto after = run.first_token_after()) {
      first_token_.observe(std::chrono::duration<double>(*after).count());
    }
    co_return answer;
  } catch (const base::Unavailable& fault) {
    count(outcome_of(fault));
    throw;
  }
}

void AiHttpClient::count(const char* outcome) {
  tools_.metrics
      .counter("rubricon_ai_http_answers_total", "Questions to a model, by what came of them",
               {{"outcome", outcome}})
      .add();
}

}  // namespace rubricon::ai_http
