/// Points and percents as teachers write them in tables: "10", "10 分", "7,5 pts", "優異（4 分）".
#pragma once

#include <rubricon/domain/rubric.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::formats {

/// A whole cell: a number, full-width or not, comma or dot decimal, rounded to two decimals, with
/// nothing behind it but a unit (分, points, pts, %, …). Of a range ("9-10") the higher end.
std::optional<domain::Amount> read_amount(std::string_view cell);

/// Whether a text begins with a range, of which only one end can be kept.
bool is_range(std::string_view text);

/// The number that a text begins with, whatever follows: what Canvas reads from "10 pts".
std::optional<domain::Amount> leading_amount(std::string_view text);

struct SplitPoints {
  std::optional<domain::Amount> points;
  std::string text;
  bool range = false;  ///< they were a range, of which the higher end is in `points`
};

/// "10 分：論點清楚" is 10 points and the rest; a number needs a unit, and a colon or the end
/// of the line behind it, to count as points. A cell that is one number is points alone.
SplitPoints split_cell(std::string_view cell);

/// "優異（4 分）", "Excellent (4)", "優異 4分", "4": the level's name and its points.
SplitPoints split_level(std::string_view heading);

}  // namespace rubricon::formats
