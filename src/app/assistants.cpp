#include <rubricon/app/assistants.hpp>

#include <rubricon/app/ai_settings.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::app {
namespace {

constexpr std::size_t transfers_min = 64;

}  // namespace

Assistants::Assistants(const AiConfig& config, const Tools& tools) : rules_(tools.clock) {
  if (config.urls.empty()) return;
  http_.emplace(std::max<std::size_t>(transfers_min, 2 * config.concurrency * config.urls.size()));
  const ai_http::AiHttpClient::Tools theirs{*http_, tools.clock, tools.random, tools.log,
                                            tools.metrics};
  for (auto& options : ai_options(config)) models_.emplace_back(std::move(options), theirs);
}

std::vector<std::reference_wrapper<ports::AiClient>> Assistants::models() {
  return {models_.begin(), models_.end()};
}

}  // namespace rubricon::app
