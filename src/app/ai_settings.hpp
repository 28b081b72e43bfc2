/// The settings that name models.
#pragma once

#include <rubricon/ai_http/options.hpp>
#include <rubricon/app/config.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace rubricon::app {

/// Throw ConfigError, which never repeats a key.
std::vector<std::string> parse_ai_keys(std::vector<std::string> keys);
std::vector<std::string> parse_ai_models(std::vector<std::string> models);
std::vector<std::size_t> parse_ai_context_tokens(std::vector<std::string> numbers);

/// Reads the keys from their file, a line each. Throws ConfigError.
void complete_ai(AiConfig& ai);

/// Throws ConfigError where the settings cannot work together, with what to do.
void refuse_ai_that_cannot_work(const AiConfig& ai);

/// Of settings that were not refused: one for each URL.
std::vector<ai_http::Options> ai_options(const AiConfig& ai);

}  // namespace rubricon::app
