#include <rubricon/app/finding.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace rubricon::app {
namespace {

const char* word(Finding::Grade grade) {
  switch (grade) {
    case Finding::Grade::good: return "ok";
    case Finding::Grade::doubtful: return "doubtful";
    case Finding::Grade::broken: break;
  }
  return "BROKEN";
}

}  // namespace

std::string to_text(const Findings& findings) {
  std::string text;
  for (const auto& finding : findings) {
    text +=
        fmt::format("{:<9} {:<11} {}\n", word(finding.grade), finding.subject, finding.sentence);
    if (!finding.advice.empty()) text += fmt::format("{:<21} -> {}\n", "", finding.advice);
  }
  return text;
}

bool any_broken(const Findings& findings) {
  return std::ranges::find(findings, Finding::Grade::broken, &Finding::grade) != findings.end();
}

}  // namespace rubricon::app
