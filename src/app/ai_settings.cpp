#include <rubricon/app/ai_settings.hpp>

#include <rubricon/base/assert.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace rubricon::app {
namespace {

constexpr std::size_t key_bytes_max = 4'096;
constexpr std::size_t model_bytes_max = 200;

bool is_visible(char c) {
  return c > ' ' && c <= '~';
}

ai_http::LocalAddresses local_addresses(const AiConfig& ai) {
  return ai.allow_private ? ai_http::LocalAddresses::allowed : ai_http::LocalAddresses::refused;
}

}  // namespace

std::string parse_ai_key(const std::string& text) {
  if (text.size() <= key_bytes_max && std::ranges::all_of(text, is_visible)) return text;
  throw ConfigError(
      fmt::format("this is no key: use at most {} visible characters", key_bytes_max));
}

std::string parse_ai_model(const std::string& text) {
  if (text.size() <= model_bytes_max && std::ranges::all_of(text, is_visible)) return text;
  throw ConfigError(
      fmt::format("this is no model's name: use at most {} visible characters", model_bytes_max));
}

void complete_ai(AiConfig& ai) {
  if (ai.key_file.empty() || !ai.key.empty()) return;
  std::ifstream file(ai.key_file, std::ios::binary);
  std::string text(key_bytes_max + 2, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  if (text.empty()) {
    throw ConfigError(
        fmt::format("ai_key_file: {} cannot be read, or is empty", ai.key_file.string()));
  }
  try {
    ai.key = parse_ai_key(text);
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("ai_key_file: {}: {}", ai.key_file.string(), error.what()));
  }
}

void refuse_ai_that_cannot_work(const AiConfig& ai) {
  if (ai.url.empty()) {
    if (ai.key.empty() && ai.model.empty()) return;
    throw ConfigError(
        "ai_key, ai_key_file or ai_model is set, but no ai_url: set it to the endpoint of the "
        "model, such as https://api.example.com/v1, or leave the others out");
  }
  if (ai.model.empty()) {
    throw ConfigError("ai_url is set, but no ai_model: set it to the name of a model there");
  }
  const auto endpoint = ai_http::Endpoint::parse(ai.url, local_addresses(ai));
  if (!endpoint) throw ConfigError("ai_url: " + endpoint.error().detail);
}

ai_http::Options ai_options(const AiConfig& ai) {
  auto endpoint = ai_http::Endpoint::parse(ai.url, local_addresses(ai));
  RUBRICON_ASSERT(endpoint.has_value());
  return {.endpoint = std::move(*endpoint),
          .local = local_addresses(ai),
          .key = ai.key,
          .model = ai.model};
}

}  // namespace rubricon::app
