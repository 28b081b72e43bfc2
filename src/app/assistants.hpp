/// Who answers: the models that the settings name, and the rules.
#pragma once

#include <rubricon/ai_http/ai_http_client.hpp>
#include <rubricon/ai_rules/rules_client.hpp>
#include <rubricon/app/config.hpp>

#include <deque>
#include <functional>
#include <optional>
#include <vector>

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

  /// In order of preference.
  std::vector<std::reference_wrapper<ports::AiClient>> models();
  ports::AiClient& rules() { return rules_; }

 private:
  ai_rules::RulesClient rules_;
  std::optional<ai_http::HttpStream> http_;
  std::deque<ai_http::AiHttpClient> models_;
};

}  // namespace rubricon::app
