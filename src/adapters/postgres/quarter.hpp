/// A quarter of a year in UTC: what one partition of messages and one of events hold.
#pragma once

#include <rubricon/base/time.hpp>

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::postgres {

class Quarter {
 public:
  /// The one that `time` is in.
  static Quarter of(base::Time time);
  /// "2025q4", or a table of it: "messages_2025q4", "events_2025q4".
  static std::optional<Quarter> parse(std::string_view text);

  /// "2025q4".
  std::string to_string() const;
  /// Its table of `parent`, which is messages or events.
  std::string table_of(std::string_view parent) const;

  base::Time begin() const;
  /// The first moment of the next.
  base::Time end() const { return later(1).begin(); }
  Quarter later(int quarters) const { return Quarter(number_ + quarters); }

  auto operator<=>(const Quarter&) const = default;

 private:
  explicit Quarter(int number) : number_(number) {}

  int number_;  ///< four times the year, and 0 to 3
};

}  // namespace rubricon::postgres
