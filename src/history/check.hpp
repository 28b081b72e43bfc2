/// The ten rules that every run must keep (docs/guarantees.md). Pure.
///
///  1 what was answered 201 is stored, once, where the answer said
///  2 no key is stored twice
///  3 the events of a chat are numbered 1..last_seq without a gap
///  4 each subscriber applied the log: nothing missed, nothing twice, in order
///  5 all agree on what stands at (epoch, seq)
///  6 what was answered before another began has the smaller seq
///  7 nobody sees what they may not: removed members at once, revoked sessions after 2 s
///  8 each prompt was given to somebody and has one answer or one failure, of one attempt
///  9 outbox empty, questions listed as given up are those that failed
/// 10 everybody is level again soon after the last fault
#pragma once

#include <rubricon/history/history.hpp>

#include <string>
#include <vector>

namespace rubricon::history {

/// One thing that happened, in words.
struct Line {
  At at{};
  std::string text;
};

struct Violation {
  int rule = 0;
  std::string what;
  /// The shortest history that shows it: only what concerns it, in order of time.
  std::vector<Line> lines;
};

/// The first violation of each rule that is broken; empty if none is.
std::vector<Violation> check(const History& history);

/// How long after the last fault those who are here were level, sorted; one entry for each
/// subscriber and chat.
std::vector<base::Milliseconds> recovery_times(const History& history);

/// For people: rule, sentence, lines.
std::string to_text(const Violation& violation);
std::string to_text(const Line& line);

/// Everything that was seen and what was stored in the end, in order of time. Equal histories are
/// equal texts.
std::string to_text(const History& history);

}  // namespace rubricon::history
