/// The steps from a request to its answer: read replies to our own questions, make or edit the
/// document clause by clause, and put into words what happened.
#pragma once

#include <rubricon/ai_rules/clauses.hpp>
#include <rubricon/ai_rules/dialogue.hpp>
#include <rubricon/ai_rules/turn.hpp>

#include <string>
#include <vector>

namespace rubricon::ai_rules {

/// One request. `library`, `rules` and `request` outlive it.
class Answering {
 public:
  Answering(const Library& library, const Rules& rules, const ports::AiRequest& request);

  ports::AiAnswer run();

  /// What the message is read as, in order, without doing it: intent names for tests and reports.
  static std::vector<std::string> readings(const Library& library, const Rules& rules,
                                           const ports::AiRequest& request);

 private:
  struct Plan {
    bool creates = false;
    std::vector<Command> commands;
    std::vector<std::string> unread;  ///< clauses as typed
    bool is_cut = false;
  };

  void settle(const std::string& message);
  bool wants_rubric(std::string_view text) const;
  bool asks_a_question(std::string_view text) const;
  Plan plan(const NormalisedText& message);
  void carry_out(const Plan& plan);
  void carry_out(const Command& command);
  void without_rubric(const Plan& plan, const NormalisedText& message);
  void not_understood(const Plan& plan, const NormalisedText& message);
  void mention_unread(const Plan& plan);
  ports::AiAnswer finish();

  const Library& library_;
  const Rules& rules_;
  const ports::AiRequest& request_;
  LastExchange last_;
  ChatContext context_;
  Turn turn_;
  std::optional<domain::Rubric> before_;
  bool is_cut_ = false;  ///< part of the message was not read
};

}  // namespace rubricon::ai_rules
