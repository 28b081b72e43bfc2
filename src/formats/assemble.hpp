/// From what a table says to a rubric document: levels best first, weights out of points, the two
/// languages of bilingual cells, and a note for everything that came out otherwise than it stood.
#pragma once

#include <rubricon/formats/preview.hpp>

#include <optional>
#include <string>
#include <vector>

namespace rubricon::formats {

struct ReadLevel {
  std::string name;
  std::optional<domain::Amount> points;
  Place place;
};

struct ReadCell {
  std::string text;
  std::optional<domain::Amount> points;
  Place place;
};

struct ReadCriterion {
  std::string name;
  std::string focus;
  std::optional<domain::Amount> weight;  ///< percent
  std::optional<domain::Amount> points;
  std::vector<ReadCell> cells;  ///< one a level, in their order
  Place place;
};

struct ReadTable {
  std::string title;
  std::vector<ReadLevel> levels;
  std::vector<ReadCriterion> criteria;
  std::optional<domain::Amount> total;
};

/// Texts are cleaned (`visible`) here, and bounded as the domain bounds them: what is too long is
/// an error at its place, never cut. Weights come from the weight column, else from the points of
/// criteria, else from their best cells; with none of these all rows weigh the same.
Preview assemble(ReadTable table, Notes notes);

/// The two languages of a text that has both, Chinese lines above English ones; otherwise the text
/// in the language that it is in.
domain::LocalText split_text(const std::string& text);
/// The same of a name, which may also have both on one line: "論點 / Argument".
domain::LocalText split_name(const std::string& name);

}  // namespace rubricon::formats
