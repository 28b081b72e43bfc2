/// How an element of a page looks, as far as it decides whether its text can be read.
#pragma once

#include <rubricon/formats/colour.hpp>
#include <rubricon/formats/hidden_text.hpp>
#include <rubricon/formats/markup.hpp>

#include <optional>
#include <string_view>

namespace rubricon::formats {

struct Look {
  bool absent = false;       ///< takes no room, nor does anything in it
  bool invisible = false;    ///< takes room; what is in it may be visible again
  bool transparent = false;  ///< with all that is in it
  bool away = false;         ///< outside what is shown, with all that is in it
  double size_px = 16;
  std::optional<Colour> colour = black;      ///< nothing: one that is not known
  std::optional<Colour> background = white;  ///< the same
};

/// The look of an element in one of the look `parent`: by its `style`, and by the attributes that
/// pages had before that. What style sheets say of classes is not looked at.
Look look_of(std::string_view name, const Attributes& attributes, const Look& parent);

/// Why nobody can read what has this look; nothing: it can be read, as far as is known.
std::optional<Hiding> hiding_of(const Look& look);

}  // namespace rubricon::formats
