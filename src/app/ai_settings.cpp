#include <rubricon/app/ai_settings.hpp>

#include <rubricon/base/assert.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <utility>

namespace rubricon::app {
namespace {

constexpr std::size_t key_bytes_max = 4'096;
constexpr std::size_t model_bytes_max = 200;
constexpr std::size_t endpoints_max = 8;
/// Less has no room for what a model is told and a rubric.
constexpr std::size_t context_tokens_min = 4'000;
constexpr std::size_t context_tokens_max = 1'000'000;

bool is_visible(char c) {
  return c > ' ' && c <= '~';
}

void refuse_odd_words(const std::vector<std::string>& words, const char* what,
                      std::size_t bytes_max) {
  for (const auto& word : words) {
    if (word.size() <= bytes_max && std::ranges::all_of(word, is_visible)) continue;
    throw ConfigError(
        fmt::format("this is no {}: use at most {} visible characters", what, bytes_max));
  }
}

ai_http::LocalAddresses local_addresses(const AiConfig& ai) {
  return ai.allow_private ? ai_http::LocalAddresses::allowed : ai_http::LocalAddresses::refused;
}

}  // namespace

std::vector<std::string> parse_ai_keys(std::vector<std::string> keys) {
  refuse_odd_words(keys, "key", key_bytes_max);
  return keys;
}

std::vector<std::string> parse_ai_models(std::vector<std::string> models) {
  refuse_odd_words(models, "model's name", model_bytes_max);
  return models;
}

std::vector<std::size_t> parse_ai_context_tokens(std::vector<std::string> numbers) {
  std::vector<std::size_t> tokens;
  for (const auto& number : numbers) {
    const char* const end = number.data() + number.size();
    std::size_t value = 0;
    const auto [rest, error] = std::from_chars(number.data(), end, value);
    const bool sound = error == std::errc{} && rest == end && value >= context_tokens_min &&
                       value <= context_tokens_max;
    if (!sound) {
      throw ConfigError(fmt::format("{} is no number of tokens from {} to {}", number,
                                    context_tokens_min, context_tokens_max));
    }
    tokens.push_back(value);
  }
  if (tokens.empty()) throw ConfigError("give a number of tokens, such as 24000");
  return tokens;
}

void complete_ai(AiConfig& ai) {
  if (ai.key_file.empty() || !ai.keys.empty()) return;
  std::ifstream file(ai.key_file, std::ios::binary);
  std::string text(endpoints_max * (key_bytes_max + 2), '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  std::istringstream lines(text);
  std::vector<std::string> keys;
  for (std::string line; std::getline(lines, line);) {
    line.erase(line.find_last_not_of(" \t\r") + 1);
    if (!line.empty()) keys.push_back(std::move(line));
  }
  if (keys.empty()) {
    throw ConfigError(
        fmt::format("ai_key_file: {} cannot be read, or is empty", ai.key_file.string()));
  }
  try {
    ai.keys = parse_ai_keys(std::move(keys));
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("ai_key_file: {}: {}", ai.key_file.string(), error.what()));
  }
}

void refuse_ai_that_cannot_work(const AiConfig& ai) {
  if (ai.urls.empty()) {
    if (ai.keys.empty() && ai.models.empty()) return;
    throw ConfigError(
        "ai_key, ai_key_file or ai_model is set, but no ai_url: set it to the endpoint of the "
        "model, such as https://api.example.com/v1, or leave the others out");
  }
  if (ai.models.empty()) {
    throw ConfigError("ai_url is set, but no ai_model: set it to the name of a model there");
  }
  if (ai.urls.size() > endpoints_max) {
    throw ConfigError(fmt::format("ai_url names more than {} endpoints", endpoints_max));
  }
  if (ai.models.size() != ai.urls.size()) {
    throw ConfigError(
        fmt::format("ai_url names {} endpoints and ai_model {} models: name one for "
                    "each, in the same order",
                    ai.urls.size(), ai.models.size()));
  }
  if (!ai.keys.empty() && ai.keys.size() != ai.urls.size()) {
    throw ConfigError(fmt::format(
        "ai_url names {} endpoints, and there are {} keys: give one for each, in the same order "
        "(any word, such as none, where an endpoint wants no key)",
        ai.urls.size(), ai.keys.size()));
  }
  if (ai.context_tokens.size() > 1 && ai.context_tokens.size() != ai.urls.size()) {
    throw ConfigError(fmt::format(
        "ai_url names {} endpoints and ai_context_tokens {} numbers: give one for each, in the "
        "same order, or one for all",
        ai.urls.size(), ai.context_tokens.size()));
  }
  for (const auto& url : ai.urls) {
    const auto endpoint = ai_http::Endpoint::parse(url, local_addresses(ai));
    if (!endpoint) throw ConfigError("ai_url: " + endpoint.error().detail);
  }
}

std::vector<ai_http::Options> ai_options(const AiConfig& ai) {
  std::vector<ai_http::Options> all;
  for (std::size_t n = 0; n < ai.urls.size(); ++n) {
    auto endpoint = ai_http::Endpoint::parse(ai.urls[n], local_addresses(ai));
    RUBRICON_ASSERT(endpoint.has_value());
    all.push_back(
        {.endpoint = std::move(*endpoint),
         .local = local_addresses(ai),
         .key = ai.keys.empty() ? "" : ai.keys[n],
         .model = ai.models[n],
         .prompt_tokens_max = ai.context_tokens.at(ai.context_tokens.size() == 1 ? 0 : n)});
  }
  return all;
}

}  // namespace rubricon::app
