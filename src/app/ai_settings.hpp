/// The settings that name a model.
#pragma once

#include <rubricon/ai_http/options.hpp>
#include <rubricon/app/config.hpp>

#include <string>

namespace rubricon::app {

/// Throw ConfigError, which never repeats a key.
std::string parse_ai_key(const std::string& text);
std::string parse_ai_model(const std::string& text);

/// Reads the key from its file. Throws ConfigError.
void complete_ai(AiConfig& ai);

/// Throws ConfigError where the settings cannot work together, with what to do.
void refuse_ai_that_cannot_work(const AiConfig& ai);

/// Of settings that were not refused and have a URL.
ai_http::Options ai_options(const AiConfig& ai);

}  // namespace rubricon::app
