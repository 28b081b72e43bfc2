/// A rubric on its way in, out of whatever a teacher has.
#pragma once

#include <rubricon/formats/format.hpp>
#include <rubricon/formats/hidden_text.hpp>
#include <rubricon/formats/preview.hpp>

#include <optional>
#include <string_view>

namespace rubricon::formats {

inline constexpr std::size_t import_bytes_max = 1024 * 1024;

struct ImportOptions {
  std::optional<FormatId> format;  ///< nothing: what the bytes look like
  std::size_t rubric = 0;          ///< of a file with several, which one
  /// Of HTML and workbooks; found it is told either way.
  HiddenTexts hidden = HiddenTexts::left_out;
};

/// What the bytes look like; CSV where they look like nothing.
FormatId detect_format(std::string_view bytes);

/// Never throws, and never makes a rubric out of a part of what it understood: whatever does not
/// fit is in the notes.
Preview import_rubric(std::string_view bytes, const ImportOptions& options);

}  // namespace rubricon::formats
