/// What each intent does to the document and what is said about it. Every function works on a turn
/// that has a rubric, unless it says otherwise; none throws, and what cannot be done is declined or
/// asked about, never guessed.
#pragma once

#include <rubricon/ai_rules/turn.hpp>

namespace rubricon::ai_rules {

// Levels, total and kind (commands_scale.cpp).
void set_levels(Turn& turn, const Command& command);
void rename_levels(Turn& turn, const Command& command);
void set_total(Turn& turn, const Command& command);
void set_kind(Turn& turn, const Command& command);

// Weights (commands_weights.cpp). Plain "X 30 %" is collected in the turn and set by
// `apply_weights`, so that several in one message do not push each other away.
void set_weight(Turn& turn, const Command& command);
void set_weights_equal(Turn& turn);
void set_criterion_points(Turn& turn, const Command& command);
void apply_weights(Turn& turn);

// Rows and cells (commands_rows.cpp).
void add_criterion(Turn& turn, const Command& command);
void remove_criterion(Turn& turn, const Command& command);
void rename_criterion(Turn& turn, const Command& command);
void move_criterion(Turn& turn, const Command& command);
void set_descriptor(Turn& turn, const Command& command);

// Language and audience (commands_audience.cpp).
void set_language(Turn& turn, const Command& command);
void set_audience(Turn& turn, const Command& command);
/// Says how many descriptions are long for the rubric's grade, where there are any.
void remark_on_length(Turn& turn);

// Looking at it, going back, and what is not possible (commands_review.cpp). `help`, `greet` and
// the two declining ones work without a rubric.
void undo(Turn& turn);
void redo(Turn& turn);
void compare_versions(Turn& turn);
void check(Turn& turn);
void show(Turn& turn, const Command& command);
void decline_tone(Turn& turn);
void decline_scoring(Turn& turn);
/// Whether something would be better is for whoever can judge; nothing is changed.
void decline_question(Turn& turn);
void decline_export(Turn& turn, const Command& command);
void help(Turn& turn);

/// The three sentences to start with.
void offer_starters(Turn& turn);

/// "論點與立場 30%、證據運用 23%": the weights of all rows.
std::string weights_line(const Turn& turn);

}  // namespace rubricon::ai_rules
