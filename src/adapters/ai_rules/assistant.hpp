/// The rule-based assistant itself: a request in, a whole answer out, no clock and no I/O.
#pragma once

#include <rubricon/ports/ai_client.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::ai_rules {

class Library;
class Rules;

/// Immutable after construction; safe from any thread.
class Assistant {
 public:
  /// With the rules and the library that are embedded in the binary.
  Assistant();
  ~Assistant();

  /// Same request, same answer. The text is never empty and at most 16 KiB; the document, where the
  /// answer has one, is one that `domain::parse_rubric` accepts. Reads at most the first 8 KiB of
  /// the message and says so where it was longer. A rubric that does not parse counts as none.
  ports::AiAnswer respond(const ports::AiRequest& request) const;

  /// The message asks to go back or forth between versions, and nothing else.
  bool goes_back_or_forth(std::string_view message) const;

  const Library& library() const { return *library_; }
  const Rules& rules() const { return *rules_; }

 private:
  std::unique_ptr<const Rules> rules_;
  std::unique_ptr<const Library> library_;
};

}  // namespace rubricon::ai_rules
