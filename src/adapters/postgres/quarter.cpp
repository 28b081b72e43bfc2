#include <rubricon/postgres/quarter.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace rubricon::postgres {

Quarter Quarter::of(base::Time time) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time));
  const auto month = static_cast<unsigned>(day.month());
  return Quarter(static_cast<int>(day.year()) * 4 + static_cast<int>((month - 1) / 3));
}

std::optional<Quarter> Quarter::parse(std::string_view text) {
  for (const std::string_view parent : {"messages_", "events_"}) {
    if (text.starts_with(parent)) text.remove_prefix(parent.size());
  }
  if (text.size() != 6 || text[4] != 'q' || text[5] < '1' || text[5] > '4') return std::nullopt;
  const auto year = text.substr(0, 4);
  if (!std::ranges::all_of(year, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  int number = 0;
  std::from_chars(year.data(), year.data() + year.size(), number);
  return Quarter(number * 4 + (text[5] - '1'));
}

std::string Quarter::to_string() const {
  return fmt::format("{:04}q{}", number_ / 4, number_ % 4 + 1);
}

std::string Quarter::table_of(std::string_view parent) const {
  return fmt::format("{}_{}", parent, to_string());
}

base::Time Quarter::begin() const {
  using namespace std::chrono;
  const auto first = static_cast<unsigned>(number_ % 4 * 3 + 1);
  return sys_days(year(number_ / 4) / month(first) / 1);
}

}  // namespace rubricon::postgres
