/// RE2 behind a small face: patterns by index, places as byte spans.
#pragma once

#include <rubricon/ai_rules/normalise.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::ai_rules {

/// Named pieces of patterns, spelt {NAME}.
class Macros {
 public:
  void add(std::string_view name, std::string_view text);
  std::string expand(std::string_view pattern) const;

 private:
  std::map<std::string, std::string, std::less<>> macros_;
};

/// Compiled patterns. A pattern that does not compile is a bug and stops the process.
class Patterns {
 public:
  Patterns();
  ~Patterns();

  std::size_t add(const std::string& pattern);
  std::optional<Span> find(std::size_t pattern, std::string_view text) const;
  /// Group `n` of the first match; nothing where there is no match or the group took no part.
  std::optional<Span> group(std::size_t pattern, std::string_view text, std::size_t n) const;
  /// Match and groups: [0] is the whole. Empty where there is no match.
  std::vector<Span> groups(std::size_t pattern, std::string_view text) const;

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

/// Many patterns tried in one pass.
class PatternSet {
 public:
  PatternSet();
  ~PatternSet();

  std::size_t add(const std::string& pattern);
  /// To be called once, after the last `add`.
  void compile();
  /// Indexes of the patterns that match, rising.
  std::vector<std::size_t> matching(std::string_view text) const;
  bool any(std::string_view text) const { return !matching(text).empty(); }
  std::optional<Span> find(std::size_t pattern, std::string_view text) const;
  std::vector<Span> groups(std::size_t pattern, std::string_view text) const;

 private:
  struct Body;
  std::unique_ptr<Body> body_;
  Patterns patterns_;
};

}  // namespace rubricon::ai_rules
