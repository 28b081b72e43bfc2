/// Stops an answer that repeats what is only said to the model. Its instructions name a marker that
/// is new in each question and that nobody could guess: where it comes back, the instructions do.
#pragma once

#include <string>
#include <string_view>

namespace rubricon::ai_http {

/// Pure. Finds the canary as it is, in either case; not where a model spells it out or encodes it.
class CanaryGuard {
 public:
  /// ASCII letters and digits, in lower case.
  explicit CanaryGuard(std::string canary) : canary_(std::move(canary)) {}

  /// What of the text so far may be shown, in whole code points where the pieces are: all that
  /// stands before the canary, but for an end that may begin it. Nothing once it is tripped.
  std::string feed(std::string_view piece);
  /// The rest, once there is no more.
  std::string finish();

  bool tripped() const { return tripped_; }
  bool is_in(std::string_view text) const;

 private:
  std::string canary_;
  std::string held_;
  bool tripped_ = false;
};

}  // namespace rubricon::ai_http
