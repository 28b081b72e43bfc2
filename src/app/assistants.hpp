/// Who answers: the model that the settings name, else the rules.
#pragma once

#include <rubricon/ai_http/ai_http_client.hpp>
#include <rubricon/ai_rules/rules_client.hpp>
#include <rubricon/app/config.hpp>

#include <optional>

namespace rubricon::app {

/// One shard, whose executor outlives it.
class Assistants {
 public:
  struct Tools {
    const ports::Clock& clock;
    ports::Random& random;
    observability::Log& log;
    observability::Metrics& metrics;
  };

  /// What the tools refer to outlives it.
  Assistants(const AiConfig& config, const Tools& tools);

  ports::AiClient& best();

 private:
  ai_rules::RulesClient rules_;
  std::optional<ai_http::HttpStream> http_;
  std::optional<ai_http::AiHttpClient> model_;
};

}  // namespace rubricon::app
