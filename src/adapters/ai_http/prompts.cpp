#include <rubricon/ai_http/prompts.hpp>

#include <rubricon/base/assert.hpp>

namespace rubricon::ai_http {

namespace embedded {
extern const std::string_view prompt_en;
extern const std::string_view prompt_zh_tw;
}  // namespace embedded

namespace {

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

bool is_heading(std::string_view line) {
  return line.size() > 2 && line.front() == '[' && line.back() == ']';
}

}  // namespace

PromptTexts::PromptTexts(std::string_view file) {
  constexpr std::string_view version_key = "version: ";
  const auto first = take_line(file);
  RUBRICON_ASSERT(first.starts_with(version_key));
  version_ = first.substr(version_key.size());
  RUBRICON_ASSERT(!version_.empty());
  std::string* section = nullptr;
  while (!file.empty()) {
    const auto line = take_line(file);
    if (is_heading(line)) {
      section = &sections_[std::string(line.substr(1, line.size() - 2))];
      RUBRICON_ASSERT(section->empty());
      continue;
    }
    RUBRICON_ASSERT(section != nullptr || line.empty());
    if (section != nullptr) *section += std::string(line) + '\n';
  }
  for (auto& [name, text] : sections_) text.erase(text.find_last_not_of('\n') + 1);
}

const std::string& PromptTexts::section(std::string_view name) const {
  const auto found = sections_.find(name);
  RUBRICON_ASSERT(found != sections_.end());
  return found->second;
}

std::string PromptTexts::filled(std::string_view name, std::string_view placeholder,
                                std::string_view value) const {
  auto text = section(name);
  const auto at = text.find(placeholder);
  RUBRICON_ASSERT(at != std::string::npos);
  return text.replace(at, placeholder.size(), value);
}

const PromptTexts& prompts(domain::Locale locale) {
  static const PromptTexts en(embedded::prompt_en);
  static const PromptTexts zh_tw(embedded::prompt_zh_tw);
  return locale == domain::Locale::en ? en : zh_tw;
}

}  // namespace rubricon::ai_http
