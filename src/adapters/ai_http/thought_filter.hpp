/// Takes out what a reasoning model thinks aloud at the beginning of its content, where its server
/// does not: `<think> … </think>`.
#pragma once

#include <string>
#include <string_view>

namespace rubricon::ai_http {

/// Pure. What may still turn out to be a marker is held back.
class ThoughtFilter {
 public:
  std::string feed(std::string_view text);
  /// What was held back and was no thought.
  std::string finish();

 private:
  enum class State { before, thinking, after };
  State state_ = State::before;
  std::string held_;
};

}  // namespace rubricon::ai_http
