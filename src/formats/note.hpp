/// What did not fit, said exactly: where, a code for programs, and a sentence in both languages.
#pragma once

#include <rubricon/domain/rubric.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::formats {

/// Row and column of the file, from 1 as a spreadsheet counts them; 0 = no particular one. `path`
/// is the place in a JSON document.
struct Place {
  std::size_t row = 0;
  std::size_t column = 0;
  std::string path;

  bool operator==(const Place&) const = default;
};

/// `error`: nothing can be made of the file until it is mended. `warning`: something was changed,
/// left out or assumed.
enum class Severity { warning, error };

const char* to_string(Severity severity) noexcept;

/// Of a text that nobody sees who looks at the file: what a note of it says, for programs.
struct HiddenNote {
  std::string how;             ///< a word of `Hiding`
  std::string sheet;           ///< of a workbook, where it is on one that is not shown
  std::size_t characters = 0;  ///< code points
  std::string text;            ///< its beginning, escaped

  bool operator==(const HiddenNote&) const = default;
};

struct Note {
  Place place;
  std::string code;
  Severity severity = Severity::warning;
  domain::LocalText message;
  std::optional<HiddenNote> hidden = {};

  bool operator==(const Note&) const = default;
};

inline constexpr std::size_t notes_max = 100;

/// At most 100 notes; of warnings beyond that the last note says that there were more. An error is
/// never lost: it takes the place of a warning.
class Notes {
 public:
  void warn(Place place, std::string code, domain::LocalText message);
  void error(Place place, std::string code, domain::LocalText message);
  /// A warning of a text that nobody sees.
  void hidden(Place place, std::string code, domain::LocalText message, HiddenNote hidden);

  bool failed() const { return failed_; }
  const std::vector<Note>& list() const { return list_; }

 private:
  void add(Note note);

  std::vector<Note> list_;
  bool failed_ = false;
  bool full_ = false;
};

/// The name that a spreadsheet gives a column: 1 is "A", 27 is "AA".
std::string column_letters(std::size_t column);

/// At most 40 characters of a text that a message quotes.
std::string shortened(std::string_view text);

}  // namespace rubricon::formats
