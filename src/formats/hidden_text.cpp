#include <rubricon/formats/hidden_text.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/formats/plain_text.hpp>

#include <fmt/format.h>

namespace rubricon::formats {
namespace {

constexpr std::size_t shown_characters_max = 200;

domain::LocalText words(Hiding hiding) {
  switch (hiding) {
    case Hiding::not_displayed: return {.en = "not displayed", .zh_tw = "設定為不顯示"};
    case Hiding::same_colour: return {.en = "of the colour behind it", .zh_tw = "與背景同色"};
    case Hiding::tiny: return {.en = "too small to read", .zh_tw = "字級小到看不見"};
    case Hiding::out_of_sight: return {.en = "outside what is shown", .zh_tw = "在可見範圍之外"};
    case Hiding::sheet: return {.en = "on a hidden sheet", .zh_tw = "在隱藏的工作表"};
    case Hiding::row: return {.en = "in a hidden row", .zh_tw = "在隱藏的列"};
    case Hiding::column: return {.en = "in a hidden column", .zh_tw = "在隱藏的欄"};
    case Hiding::number_format:
      return {.en = "of a format that shows nothing", .zh_tw = "儲存格格式設為不顯示"};
    case Hiding::invisible_characters: return {.en = "without a shape", .zh_tw = "沒有字形的字元"};
  }
  base::assertion_failed("a known Hiding", __FILE__, __LINE__);
}

std::size_t characters_of(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) next_code_point(text);
  return count;
}

domain::LocalText where(const Place& place, const std::string& sheet) {
  if (!sheet.empty()) {
    return {.en = fmt::format("The sheet \"{}\"", shortened(one_line(sheet))),
            .zh_tw = fmt::format("工作表「{}」", shortened(one_line(sheet)))};
  }
  if (!place.path.empty()) return {.en = place.path, .zh_tw = place.path};
  const auto letters = column_letters(place.column);
  if (place.row > 0 && place.column > 0) {
    return {.en = fmt::format("Cell {}{}", letters, place.row),
            .zh_tw = fmt::format("儲存格 {}{}", letters, place.row)};
  }
  if (place.row > 0) {
    return {.en = fmt::format("Row {}", place.row), .zh_tw = fmt::format("第 {} 列", place.row)};
  }
  if (place.column > 0) {
    return {.en = fmt::format("Column {}", letters), .zh_tw = fmt::format("{} 欄", letters)};
  }
  return {.en = "The text outside the table", .zh_tw = "表格以外的文字"};
}

/// How a sign without a shape is shown; empty for one that has one.
std::string spelt(char32_t c) {
  if (c == '\n') return "\\n";
  if (c >= 0xe0020 && c < 0xe007f) return std::string(1, static_cast<char>(c - 0xe0000));
  return is_invisible(c) ? fmt::format("\\u{{{:04X}}}", static_cast<std::uint32_t>(c))
                         : std::string();
}

}  // namespace

const char* to_string(Hiding hiding) noexcept {
  switch (hiding) {
    case Hiding::not_displayed: return "not_displayed";
    case Hiding::same_colour: return "same_colour";
    case Hiding::tiny: return "tiny";
    case Hiding::out_of_sight: return "out_of_sight";
    case Hiding::sheet: return "sheet";
    case Hiding::row: return "row";
    case Hiding::column: return "column";
    case Hiding::number_format: return "number_format";
    case Hiding::invisible_characters: return "invisible_characters";
  }
  base::assertion_failed("a known Hiding", __FILE__, __LINE__);
}

std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t count = 0; !text.empty(); ++count) {
    if (count == shown_characters_max) return out + "…";
    const auto c = next_code_point(text);
    const auto spelling = spelt(c);
    if (spelling.empty()) {
      append_code_point(out, c);
    } else {
      out += spelling;
    }
  }
  return out;
}

void HiddenReport::add(Hiding how, const Place& place, std::string_view text,
                       std::string_view sheet) {
  if (trimmed(text).empty()) return;
  for (auto& known : findings_) {
    if (known.how == how && known.place == place && known.sheet == sheet) {
      known.text += text;
      return;
    }
  }
  // One more than there are notes: the last of these says that there is more.
  if (findings_.size() > notes_max) return;
  findings_.push_back({how, place, std::string(sheet), std::string(text)});
}

void HiddenReport::tell(Notes& notes) const {
  for (const auto& [how, place, sheet, found] : findings_) {
    const bool shapeless = how == Hiding::invisible_characters;
    const auto text = shapeless ? found : std::string(trimmed(found));
    const HiddenNote hidden{.how = to_string(how),
                            .sheet = sheet,
                            .characters = characters_of(text),
                            .text = escaped(text)};
    const auto [place_en, place_zh] = where(place, sheet);
    const auto [how_en, how_zh] = words(how);
    const bool kept = wanted_ == HiddenTexts::kept && !shapeless;
    notes.hidden(
        place, shapeless ? "hidden_characters" : "hidden_text",
        {.en = fmt::format("{} has {} characters that nobody sees ({}); they were {}: \"{}\"",
                           place_en, hidden.characters, how_en,
                           kept ? "taken in, as you wanted" : "left out", hidden.text),
         .zh_tw =
             fmt::format("{}有 {} 個看不見的字元（{}），{}：「{}」", place_zh, hidden.characters,
                         how_zh, kept ? "已依您的選擇匯入" : "未匯入", hidden.text)},
        hidden);
  }
}

}  // namespace rubricon::formats
