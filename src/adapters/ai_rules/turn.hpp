/// One message being worked through: the document so far, and what will be said about it.
#pragma once

#include <rubricon/ai_rules/library.hpp>
#include <rubricon/ai_rules/resolve.hpp>
#include <rubricon/ai_rules/rules.hpp>
#include <rubricon/ai_rules/wording.hpp>
#include <rubricon/ports/ai_client.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rubricon::ai_rules {

struct SlotText {
  std::string folded;
  std::string typed;  ///< as the teacher wrote it
};

/// A clause that has been read.
struct Command {
  Intent intent = Intent::unknown;
  std::string op;
  SlotText clause;
  std::map<std::string, SlotText, std::less<>> slots;

  /// The slot's text; empty texts where the pattern has no such slot.
  const SlotText& slot(std::string_view name) const;
};

inline constexpr std::size_t choices_max = 3;

/// Lives on the stack of one answer; refers to the library and the rules.
struct Turn {
  Turn(const Library& the_library, const Rules& the_rules, Locale the_locale)
      : library(the_library), rules(the_rules), locale(the_locale) {}

  const Library& library;
  const Rules& rules;
  const Locale locale;

  std::optional<domain::Rubric> rubric;       ///< as it stands now
  std::optional<domain::Rubric> previous;     ///< the version before the message
  bool just_undone = false;                   ///< the last answer was an undo
  std::vector<domain::WeightChange> weights;  ///< named in the message; set together at the end
  std::vector<domain::WeightChange> points;   ///< the same in points of the final total
  std::vector<domain::WeightChange> added;    ///< rows the message added without naming a weight

  bool rest_equal = false;  ///< the rows without a named weight share the rest equally
  std::string last_row;     ///< the row that was spoken of last: what "it" means

  bool created = false;
  bool edited = false;
  bool asked = false;
  bool declined = false;
  bool answered = false;
  std::string template_id;
  std::string chat_title;
  std::vector<std::string> lines;
  std::vector<ports::AiChoice> choices;  ///< at most `choices_max`

  /// The text of this turn's language.
  std::string say(std::string en, std::string zh) const {
    return locale == Locale::en ? std::move(en) : std::move(zh);
  }
  /// Said once, however many clauses of the message are its reason.
  void line(std::string en, std::string zh);
  void done(std::string en, std::string zh);
  void ask(std::string en, std::string zh);
  void decline(std::string en, std::string zh);
  void answer(std::string en, std::string zh);
  void choice(std::string label, std::string text);
  void choice(const domain::LocalText& label, const domain::LocalText& text) {
    choice(label.in(locale), text.in(locale));
  }

  /// The row's name in this turn's language, quoted.
  std::string name(const domain::Criterion& row) const {
    return quoted(row.name.in(locale), locale);
  }
  std::string name(std::string_view id) const;
  Resolver resolver() const { return Resolver(*rubric, library, rules); }

  /// Takes the new document and says so, or explains the refusal.
  bool apply(base::Result<domain::Rubric> result);
  /// Names rows to choose from, each with the command it would give.
  void ask_which(const Resolution& resolution, std::string_view typed,
                 const std::map<std::string, std::string>& command_by_id);
};

}  // namespace rubricon::ai_rules
