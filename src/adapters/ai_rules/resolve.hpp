/// Which row of the table a teacher means.
#pragma once

#include <rubricon/ai_rules/library.hpp>
#include <rubricon/ai_rules/rules.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::ai_rules {

/// One row, or up to three to ask with (likeliest first; the first rows where nothing is alike).
struct Resolution {
  std::string id;  ///< empty: ambiguous or unknown
  std::vector<std::string> candidates;
  bool is_ambiguous = false;  ///< several fit, as opposed to none

  bool found() const { return !id.empty(); }
};

/// Reads names as teachers write them, against one rubric. Holds references: lives within one turn.
class Resolver {
 public:
  Resolver(const domain::Rubric& rubric, const Library& library, const Rules& rules);

  /// In this order: position ("第二項", "last one"), exact id or name, library alias, beginning of
  /// a name, then likeness of at least 0.5 and 0.2 above the next. `folded` is normalised.
  Resolution one(std::string_view folded) const;
  /// Exact id, name or alias only.
  Resolution exact(std::string_view folded) const;
  /// Several names joined by 和, 、, "and" …: all of them, or none where one does not resolve. A
  /// name that contains such a word is tried whole first. 每項, "all" → every row.
  std::vector<std::string> all(std::string_view folded) const;

 private:
  struct Row {
    std::string id;
    std::vector<std::string> names;    ///< folded
    std::vector<std::string> aliases;  ///< folded
  };
  Resolution pick(std::vector<std::string> fits) const;

  const Rules& rules_;
  std::vector<Row> rows_;
};

/// What guards a reading: its slot "criterion" names rows. A level may stand in its place where it
/// is renamed; the slot "level" is a number or a level's name.
class TableGuard {
 public:
  TableGuard(const domain::Rubric& rubric, const Library& library, const Rules& rules);
  bool operator()(const Match& reading, std::string_view text) const;

 private:
  const domain::Rubric& rubric_;
  const Rules& rules_;
  Resolver resolver_;
};

/// Index (0 = best) of the level called `folded`: its name, 最高等級, "lowest level".
std::optional<std::size_t> level_named(const domain::Rubric& rubric, const Rules& rules,
                                       std::string_view folded);

/// The one row whose name or alias occurs in a text that is about something else too; "" where none
/// or several do.
std::string row_mentioned(const domain::Rubric& rubric, const Library& library, const Rules& rules,
                          std::string_view folded);

/// Without words around a name: "the … criterion", 「…」這一項, …的權重.
std::string_view trim_name(std::string_view folded);

/// Parts of a list: by comma, slash, semicolon, 和 與 及 跟 以及, "and", "&".
std::vector<Span> list_parts(std::string_view folded);

}  // namespace rubricon::ai_rules
