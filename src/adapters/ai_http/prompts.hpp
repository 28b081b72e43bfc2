/// What is said to a model and, where it left something unsaid, to the teacher: `rubric/prompts/`.
#pragma once

#include <rubricon/domain/user.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace rubricon::ai_http {

/// The sections of one file, by name. Immutable.
class PromptTexts {
 public:
  /// A first line `version: N`, then sections that begin with their `[name]` alone on a line.
  /// A file that is not of this form is a bug and asserts.
  explicit PromptTexts(std::string_view file);

  const std::string& version() const { return version_; }
  /// A name that is not there is a bug and asserts.
  const std::string& section(std::string_view name) const;
  /// The section with `{placeholder}` filled in.
  std::string filled(std::string_view name, std::string_view placeholder,
                     std::string_view value) const;

 private:
  std::string version_;
  std::map<std::string, std::string, std::less<>> sections_;
};

/// Both languages, read from the binary. Both files have the same version.
const PromptTexts& prompts(domain::Locale locale);

}  // namespace rubricon::ai_http
