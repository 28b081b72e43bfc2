#include <rubricon/legacy/tally.hpp>

#include <fmt/format.h>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace rubricon::legacy {
namespace {

namespace json = boost::json;

std::int64_t left_out_in(const TableTally& table) {
  std::int64_t count = 0;
  for (const auto& [reason, rows] : table.left_out) count += rows.count;
  return count;
}

json::object to_object(const TableTally& table) {
  json::object left_out;
  for (const auto& [reason, rows] : table.left_out) {
    left_out[to_string(reason)] = {{"count", rows.count}, {"ids", json::value_from(rows.ids)}};
  }
  return {{"found", table.found},
          {"imported", table.imported},
          {"there", table.there},
          {"leftOut", std::move(left_out)}};
}

std::string line_of(const char* name, const TableTally& table, bool rehearsal) {
  auto line =
      rehearsal ? fmt::format("{}: {} would be imported", name, table.imported)
                : fmt::format("{}: {} imported, {} were there", name, table.imported, table.there);
  line += fmt::format(", {} left out\n", left_out_in(table));
  for (const auto& [reason, rows] : table.left_out) {
    line += fmt::format("  {} {}, the first {}\n", rows.count, to_string(reason), rows.ids.front());
  }
  return line;
}

double per_second(const Tally& tally, double seconds) {
  return static_cast<double>(tally.messages.imported) / std::max(seconds, 0.001);
}

}  // namespace

void TableTally::leave_out(Reason reason, const std::string& id) {
  auto& rows = left_out[reason];
  ++rows.count;
  if (rows.ids.size() < named_max) rows.ids.push_back(id);
}

std::int64_t TableTally::seen() const {
  return imported + there + left_out_in(*this);
}

std::string to_json(const Tally& tally, double seconds) {
  const json::object report{
      {"rehearsal", tally.rehearsal},
      {"seconds", seconds},
      {"users", to_object(tally.users)},
      {"chats", to_object(tally.chats)},
      {"messages", to_object(tally.messages)},
      {"adjusted",
       {{"names", tally.names_adjusted},
        {"titles", tally.titles_adjusted},
        {"contexts", tally.contexts_dropped}}},
  };
  return json::serialize(report);
}

std::string to_text(const Tally& tally, double seconds) {
  auto text = line_of("people", tally.users, tally.rehearsal) +
              line_of("chats", tally.chats, tally.rehearsal) +
              line_of("messages", tally.messages, tally.rehearsal);
  const std::array adjusted = {std::pair(tally.names_adjusted, "names were made to fit"),
                               std::pair(tally.titles_adjusted, "titles were made to fit"),
                               std::pair(tally.contexts_dropped,
                                         "contexts were no JSON object "
                                         "of at most 8 KiB, and dropped")};
  for (const auto& [count, what] : adjusted) {
    if (count > 0) text += fmt::format("{} {}\n", count, what);
  }
  if (tally.rehearsal) return text + "nothing was written\n";
  if (tally.users.imported > 0) {
    text +=
        fmt::format("{} people have no password yet: rubricon user password <address> sets one\n",
                    tally.users.imported);
  }
  return text + fmt::format("{:.1f} s, {:.0f} messages/s\n", seconds, per_second(tally, seconds));
}

}  // namespace rubricon::legacy
