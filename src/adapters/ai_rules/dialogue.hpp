/// What was said before: questions of ours that the message answers, and context of the chat.
#pragma once

#include <rubricon/ai_rules/rules.hpp>
#include <rubricon/ports/ai_client.hpp>

#include <optional>
#include <string>
#include <vector>

namespace rubricon::ai_rules {

/// The last answer of ours and the message it answered, as far as the history has them.
struct LastExchange {
  std::string asked;   ///< the teacher's message
  std::string answer;  ///< ours
  std::string outcome;
  std::vector<ports::AiChoice> choices;
};

LastExchange last_exchange(const std::vector<domain::Message>& history);

enum class ReplyKind {
  fresh,    ///< a message of its own
  chosen,   ///< stands for one of the choices: take `text` instead
  refused,  ///< "no thanks" to a question
  unclear,  ///< "yes" where several choices were offered
};

struct Reply {
  ReplyKind kind = ReplyKind::fresh;
  std::string text;
};

/// Reads a short message as an answer to `last`: a choice's label or part of it, its position
/// ("第二個", "2", "the last one"), yes or no, or a bare number in place of the offered one.
Reply read_reply(const Rules& rules, const LastExchange& last, const std::string& message);

/// What a teacher told about the work; empty strings where nothing was told.
struct ChatContext {
  std::string assignment;  ///< assignment and subject together
  std::string grade;
};

/// Accepts any JSON; what does not fit is left out.
ChatContext read_context(const domain::ContextJson& context);

}  // namespace rubricon::ai_rules
