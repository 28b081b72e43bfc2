/// What `rubricon doctor` has to say: one sentence about one thing, and what to do.
#pragma once

#include <string>
#include <vector>

namespace rubricon::app {

struct Finding {
  enum class Grade {
    good,
    doubtful,  ///< works, and may not for long
    broken,    ///< the server does not work so
  };

  Grade grade = Grade::good;
  std::string subject;   ///< "PostgreSQL"
  std::string sentence;  ///< never with a secret in it
  std::string advice;    ///< empty where there is nothing to do
};
using Findings = std::vector<Finding>;

/// A line each, advice below it.
std::string to_text(const Findings& findings);
bool any_broken(const Findings& findings);

}  // namespace rubricon::app
