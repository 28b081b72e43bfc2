#include <rubricon/formats/note.hpp>

#include <rubricon/base/assert.hpp>

#include <algorithm>

namespace rubricon::formats {
namespace {

constexpr std::size_t quoted_characters_max = 40;

}  // namespace

const char* to_string(Severity severity) noexcept {
  switch (severity) {
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  base::assertion_failed("a known Severity", __FILE__, __LINE__);
}

void Notes::warn(Place place, std::string code, domain::LocalText message) {
  add({std::move(place), std::move(code), Severity::warning, std::move(message)});
}

void Notes::error(Place place, std::string code, domain::LocalText message) {
  failed_ = true;
  add({std::move(place), std::move(code), Severity::error, std::move(message)});
}

void Notes::hidden(Place place, std::string code, domain::LocalText message, HiddenNote hidden) {
  add({std::move(place), std::move(code), Severity::warning, std::move(message),
       std::move(hidden)});
}

void Notes::add(Note note) {
  if (list_.size() + 1 < notes_max) {
    list_.push_back(std::move(note));
    return;
  }
  if (!full_) {
    full_ = true;
    list_.push_back({{},
                     "more_notes",
                     Severity::warning,
                     {.en = "There is more that did not fit than is listed here.",
                      .zh_tw = "還有其他不符之處未列出。"}});
  }
  if (note.severity == Severity::warning) return;
  const auto warning = std::find_if(list_.rbegin() + 1, list_.rend(), [](const Note& each) {
    return each.severity == Severity::warning;
  });
  if (warning != list_.rend()) *warning = std::move(note);
}

std::string column_letters(std::size_t column) {
  std::string letters;
  for (; column > 0; column = (column - 1) / 26) {
    letters.insert(letters.begin(), static_cast<char>('A' + (column - 1) % 26));
  }
  return letters;
}

std::string shortened(std::string_view text) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xc0u) != 0x80u;
    if (begins && ++characters > quoted_characters_max) return std::string(text.substr(0, i)) + "…";
  }
  return std::string(text);
}

}  // namespace rubricon::formats
