/// A new rubric from one message.
#pragma once

#include <rubricon/ai_rules/dialogue.hpp>
#include <rubricon/ai_rules/turn.hpp>

namespace rubricon::ai_rules {

/// Makes the document that the message (normalised, as a whole) asks for and says what was done and
/// assumed; where the type of assignment is not clear, asks with three full sentences that carry
/// along what was understood. What the message leaves open is taken from `context`.
void create(Turn& turn, const NormalisedText& message, const ChatContext& context);

/// Asks for the type of assignment; `why` comes first, for messages that were not a request for a
/// rubric.
void ask_type(Turn& turn, const Facts& facts, const std::vector<const AssignmentType*>& candidates,
              const std::string& why);

}  // namespace rubricon::ai_rules
