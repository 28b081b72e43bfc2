#include <rubricon/formats/amounts.hpp>

#include <rubricon/formats/plain_text.hpp>

#include <algorithm>
#include <array>

namespace rubricon::formats {
namespace {

using domain::Amount;

constexpr std::size_t number_digits_max = 16;
constexpr std::array<std::string_view, 9> units = {"points", "point", "marks", "mark", "pts.",
                                                   "pts",    "pt",    "分",    "點"};

void skip_spaces(std::string_view& folded_text) {
  while (folded_text.starts_with(' ')) folded_text.remove_prefix(1);
}

/// Takes a number off text that was folded.
std::optional<Amount> take_number(std::string_view& text) {
  std::string digits;
  std::size_t used = 0;
  bool fraction = false;
  for (; used < text.size() && digits.size() < number_digits_max; ++used) {
    const char c = text[used];
    const bool digit_follows =
        used + 1 < text.size() && text[used + 1] >= '0' && text[used + 1] <= '9';
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if ((c == '.' || c == ',') && !fraction && !digits.empty() && digit_follows) {
      digits += '.';
      fraction = true;
    } else {
      break;
    }
  }
  const auto number = domain::parse_amount(digits);
  if (number) text.remove_prefix(used);
  return number;
}

struct Taken {
  Amount amount;
  bool range = false;
};

/// A number, or a range of which the higher end counts.
std::optional<Taken> take_amount(std::string_view& text) {
  skip_spaces(text);
  const auto first = take_number(text);
  if (!first) return std::nullopt;
  auto rest = text;
  skip_spaces(rest);
  for (const std::string_view dash : {"-", "~", "–", "—", "至", "to "}) {
    if (!rest.starts_with(dash)) continue;
    auto behind = rest.substr(dash.size());
    skip_spaces(behind);
    if (const auto second = take_number(behind)) {
      text = behind;
      return Taken{std::max(*first, *second), *first != *second};
    }
  }
  return Taken{*first};
}

bool take_unit(std::string_view& text) {
  auto rest = text;
  skip_spaces(rest);
  for (const auto unit : units) {
    if (!rest.starts_with(unit)) continue;
    text = rest.substr(unit.size());
    return true;
  }
  return false;
}

/// A whole cell, folded.
std::optional<Taken> take_cell(std::string_view text) {
  const auto taken = take_amount(text);
  if (!taken) return std::nullopt;
  take_unit(text);
  skip_spaces(text);
  if (text == "%") text = {};
  return text.empty() ? taken : std::nullopt;
}

/// The part of `text` whose folded form is `rest`: folding keeps the number of code points.
std::string_view unfolded_tail(std::string_view text, std::string_view rest) {
  std::size_t left = 0;
  for (auto view = rest; !view.empty(); ++left) next_code_point(view);
  std::size_t all = 0;
  for (auto view = text; !view.empty(); ++all) next_code_point(view);
  for (; all > left; --all) next_code_point(text);
  return text;
}

}  // namespace

std::optional<Amount> read_amount(std::string_view cell) {
  const auto taken = take_cell(folded(trimmed(cell)));
  return taken ? std::optional(taken->amount) : std::nullopt;
}

bool is_range(std::string_view text) {
  const auto whole = folded(trimmed(text));
  std::string_view rest = whole;
  const auto taken = take_amount(rest);
  return taken && taken->range;
}

std::optional<Amount> leading_amount(std::string_view text) {
  const auto whole = folded(trimmed(text));
  std::string_view rest = whole;
  return take_number(rest);
}

SplitPoints split_cell(std::string_view cell) {
  cell = trimmed(cell);
  const auto whole = folded(cell);
  std::string_view rest = whole;
  const auto taken = take_amount(rest);
  if (!taken) return {std::nullopt, std::string(cell)};
  const bool unit = take_unit(rest);
  skip_spaces(rest);
  if (rest.empty()) return {taken->amount, {}, taken->range};
  if (!unit || (rest.front() != ':' && rest.front() != '\n')) return {{}, std::string(cell)};
  rest.remove_prefix(1);
  return {taken->amount, std::string(trimmed(unfolded_tail(cell, rest))), taken->range};
}

SplitPoints split_level(std::string_view heading) {
  heading = trimmed(heading);
  const auto whole = folded(heading);
  if (const auto alone = take_cell(whole)) {
    return {alone->amount, std::string(heading), alone->range};
  }
  const auto name_before = [&](std::size_t folded_at) {
    const auto tail = unfolded_tail(heading, std::string_view(whole).substr(folded_at));
    return std::string(trimmed(heading.substr(0, heading.size() - tail.size())));
  };
  const auto open = whole.rfind('(');
  if (whole.ends_with(')') && open != std::string::npos && open > 0) {
    const auto inner = std::string_view(whole).substr(open + 1, whole.size() - open - 2);
    if (const auto taken = take_cell(trimmed(inner))) {
      return {taken->amount, name_before(open), taken->range};
    }
  }
  // "優異 4分": the last number, with a unit behind it.
  auto begin = whole.find_last_of("0123456789");
  while (begin != std::string::npos && begin > 0 &&
         (std::string_view("0123456789.,-~").find(whole[begin - 1]) != std::string_view::npos)) {
    --begin;
  }
  if (begin == std::string::npos || begin == 0) return {{}, std::string(heading)};
  std::string_view rest = std::string_view(whole).substr(begin);
  while (!rest.empty() && (rest.front() < '0' || rest.front() > '9')) rest.remove_prefix(1);
  const auto taken = take_amount(rest);
  if (!taken || !take_unit(rest) || !trimmed(rest).empty()) return {{}, std::string(heading)};
  return {taken->amount, name_before(begin), taken->range};
}

}  // namespace rubricon::formats
