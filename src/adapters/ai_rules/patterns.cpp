#include <rubricon/ai_rules/patterns.hpp>

#include <rubricon/base/assert.hpp>

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <cstdio>

namespace rubricon::ai_rules {
namespace {

constexpr std::int64_t memory_max = 64 << 20;
constexpr int groups_max = 8;

RE2::Options options() {
  RE2::Options out;
  out.set_log_errors(false);
  out.set_max_mem(memory_max);
  return out;
}

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

void Macros::add(std::string_view name, std::string_view text) {
  macros_["{" + std::string(name) + "}"] = expand(text);
}

std::string Macros::expand(std::string_view pattern) const {
  std::string out(pattern);
  for (const auto& [name, text] : macros_) {
    for (auto at = out.find(name); at != std::string::npos; at = out.find(name, at + text.size())) {
      out.replace(at, name.size(), text);
    }
  }
  return out;
}

struct Patterns::Body {
  std::vector<std::unique_ptr<const RE2>> patterns;
};

Patterns::Patterns() : body_(std::make_unique<Body>()) {}
Patterns::~Patterns() = default;

std::size_t Patterns::add(const std::string& pattern) {
  auto compiled = std::make_unique<const RE2>(pattern, options());
  if (!compiled->ok()) {
    std::fprintf(stderr, "pattern %s: %s\n", pattern.c_str(), compiled->error().c_str());
  }
  RUBRICON_ASSERT(compiled->ok());
  RUBRICON_ASSERT(compiled->NumberOfCapturingGroups() < groups_max);
  body_->patterns.push_back(std::move(compiled));
  return body_->patterns.size() - 1;
}

std::vector<Span> Patterns::groups(std::size_t pattern, std::string_view text) const {
  const auto& re = *body_->patterns[pattern];
  re2::StringPiece found[groups_max];
  const int count = re.NumberOfCapturingGroups() + 1;
  if (!re.Match(piece(text), 0, text.size(), RE2::UNANCHORED, found, count)) return {};
  std::vector<Span> out;
  for (int i = 0; i < count; ++i) {
    if (found[i].data() == nullptr) {
      out.push_back({});
      continue;
    }
    const auto begin = static_cast<std::size_t>(found[i].data() - text.data());
    out.push_back({begin, begin + found[i].size()});
  }
  return out;
}

std::optional<Span> Patterns::find(std::size_t pattern, std::string_view text) const {
  return group(pattern, text, 0);
}

std::optional<Span> Patterns::group(std::size_t pattern, std::string_view text,
                                    std::size_t n) const {
  const auto all = groups(pattern, text);
  if (n >= all.size() || (n > 0 && all[n].empty())) return std::nullopt;
  return all[n];
}

struct PatternSet::Body {
  Body() : set(options(), RE2::UNANCHORED) {}
  RE2::Set set;
  bool compiled = false;
};

PatternSet::PatternSet() : body_(std::make_unique<Body>()) {}
PatternSet::~PatternSet() = default;

std::size_t PatternSet::add(const std::string& pattern) {
  const auto index = patterns_.add(pattern);
  const int at = body_->set.Add(pattern, nullptr);
  RUBRICON_ASSERT(at == static_cast<int>(index));
  return index;
}

void PatternSet::compile() {
  body_->compiled = body_->set.Compile();
  RUBRICON_ASSERT(body_->compiled);
}

std::vector<std::size_t> PatternSet::matching(std::string_view text) const {
  std::vector<int> found;
  RE2::Set::ErrorInfo error{};
  if (!body_->set.Match(piece(text), &found, &error)) {
    // Out of automaton memory on a hostile text: no rule applies, the answer is "unknown".
    return {};
  }
  std::vector<std::size_t> out(found.begin(), found.end());
  std::ranges::sort(out);
  return out;
}

std::optional<Span> PatternSet::find(std::size_t pattern, std::string_view text) const {
  return patterns_.find(pattern, text);
}

std::vector<Span> PatternSet::groups(std::size_t pattern, std::string_view text) const {
  return patterns_.groups(pattern, text);
}

}  // namespace rubricon::ai_rules
