/// The rules of rubric/intents.json: which words ask for what, as data.
#pragma once

#include <rubricon/ai_rules/normalise.hpp>
#include <rubricon/domain/rubric.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::ai_rules {

enum class Intent {
  undo,
  redo,
  diff,
  export_file,
  create,
  translate,
  validate,
  set_weights_equal,
  set_descriptor,
  set_weight,
  rename_levels,
  set_levels,
  set_total,
  set_criterion_points,
  set_kind,
  rename_criterion,
  move_criterion,
  remove_criterion,
  add_criterion,
  score_work,
  audience,
  tone,
  show,
  help,
  unknown
};

/// Spelling in the data, e.g. "set_levels", "export".
const char* to_string(Intent intent) noexcept;

struct Slot {
  std::string name;
  Span span;
};

/// One way to read a clause.
struct Match {
  Intent intent = Intent::unknown;
  std::string op;        ///< tells patterns of one intent apart: "", "add", "up", "more", …
  bool guarded = false;  ///< holds only if its slots name what is in the table
  bool takes_rest = false;
  Span extent;
  std::vector<Slot> slots;

  /// The slot's place; an empty span where the pattern has no such slot.
  Span slot(std::string_view name) const;
};

/// Numbers and words found in a message about a new rubric. Everything is optional.
struct Facts {
  std::optional<int> grade;
  std::string band;           ///< "" unless named
  bool band_assumed = false;  ///< 國小 alone: the band is our reading of it
  std::optional<int> levels;
  std::optional<domain::Amount> total;
  std::optional<int> criteria_count;
  std::string language;  ///< "en", "zh-TW", "bilingual" or ""
  std::string kind;      ///< "holistic", "single_point", "checklist" or ""
};

enum class Courtesy { none, thanks, yes, no };

/// Immutable after construction; safe from any thread. Patterns are RE2: linear time, no recursion.
/// All texts are normalised, and callers bound them (clauses ≤ 2,000 characters).
class Rules {
 public:
  /// `json` is intents.json. A file that does not fit is a bug of the build and stops the process.
  explicit Rules(std::string_view json);
  ~Rules();

  const ScriptTable& script() const { return script_; }
  NormalisedText normalise(std::string_view text) const {
    return ai_rules::normalise(text, script_);
  }
  std::string fold(std::string_view text) const { return ai_rules::fold(text, script_); }

  /// The part of `text` without courtesies at both ends (請, 麻煩, please, 謝謝 …) and white space.
  Span strip(std::string_view text) const;
  /// All readings of a stripped clause, the more telling first.
  std::vector<Match> match(std::string_view clause) const;
  /// Whether a clause or sentence asks for a new rubric.
  bool asks_for_rubric(std::string_view text) const;
  Facts facts(std::string_view text) const;
  /// The place of a list of wanted criteria ("評分項目：內容、組織"), and whether it is meant to be
  /// all.
  struct CriteriaList {
    Span span;
    bool complete = false;
  };
  std::optional<CriteriaList> criteria_list(std::string_view clause) const;
  /// "name 10%", "name 佔 10 分": where the name ends and what it is to weigh.
  struct TrailingWeight {
    std::size_t name_end = 0;
    Span value;
    bool is_points = false;
  };
  std::optional<TrailingWeight> trailing_weight(std::string_view text) const;
  /// 1-based position for "第2項", "2nd criterion", "first one"; -1 for the last one.
  std::optional<int> ordinal(std::string_view text) const;
  Courtesy courtesy(std::string_view text) const;
  /// Asks what would be right (夠嗎, should I …?) or why, and wishes nothing: "can you …?" is a
  /// wish.
  bool is_question(std::string_view text) const;
  /// An opinion or a wave of the hand beside a command: 太重了, "too many", 其他你決定.
  bool is_remark(std::string_view text) const;

  /// The regression cases of the file.
  struct Example {
    std::string text;
    std::string intent;
    std::vector<std::string> slots;
  };
  const std::vector<Example>& examples() const { return examples_; }

 private:
  struct Compiled;
  /// "grades 7-9" is a band where one holds both ends, else its first grade.
  void read_range(std::string_view text, int first, Facts& out) const;

  std::unique_ptr<const Compiled> compiled_;
  ScriptTable script_;
  std::vector<Example> examples_;
};

}  // namespace rubricon::ai_rules
