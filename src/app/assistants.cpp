#include <rubricon/app/assistants.hpp>

#include <rubricon/app/ai_settings.hpp>

namespace rubricon::app {

Assistants::Assistants(const AiConfig& config, const Tools& tools) : rules_(tools.clock) {
  if (config.url.empty()) return;
  http_.emplace();
  model_.emplace(ai_options(config), ai_http::AiHttpClient::Tools{*http_, tools.clock, tools.random,
                                                                  tools.log, tools.metrics});
}

ports::AiClient& Assistants::best() {
  if (model_) return *model_;
  return rules_;
}

}  // namespace rubricon::app
