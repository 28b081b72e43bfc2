/// Each rule as a function that finds its first violation. Private to this module.
#pragma once

#include <rubricon/history/check.hpp>

#include <optional>

namespace rubricon::history {

using Finding = std::optional<Violation>;

// rules_writes.cpp
Finding answered_is_stored(const History& history);
Finding no_key_twice(const History& history);
Finding no_gap_in_seqs(const History& history);
Finding real_time_order(const History& history);

// rules_delivery.cpp
Finding subscribers_applied_the_log(const History& history);
Finding sockets_heard_without_holes(const History& history);
Finding same_content_for_all(const History& history);
Finding same_content_of_what_was_lost(const History& history);

// rules_rights.cpp
Finding nothing_after_removal(const History& history);
Finding nothing_after_revocation(const History& history);

// rules_end.cpp
Finding every_question_is_asked(const History& history);
Finding one_answer_each(const History& history);
Finding no_mixed_answers(const History& history);
Finding queues_are_empty(const History& history);
Finding level_again_soon(const History& history);

// lines.cpp: what happened, in words
Line line_of(const Write& write, bool end);
Line line_of(const Applied& applied);
Line line_of(const Snapshot& snapshot);
Line line_of(const Heard& heard);
Line line_of(const std::string& chat, const Event& event);
/// What happened at once stays in its order.
std::vector<Line> by_time(std::vector<Line> lines);
/// A violation whose lines are in order of time.
Violation violation(int rule, std::string what, std::vector<Line> lines);

}  // namespace rubricon::history
