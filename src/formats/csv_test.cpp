#include <rubricon/formats/csv.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

std::string shown(const std::optional<Grid>& grid) {
  std::string out;
  if (!grid) return "nothing";
  for (const auto& row : grid->rows) {
    out += std::to_string(row.number) + ":";
    for (const auto& cell : row.cells) out += "[" + cell.text + (cell.quoted ? "]q" : "]");
    out += " ";
  }
  return out;
}

std::string read(std::string_view text, char delimiter = ',') {
  Notes notes;
  return shown(read_csv(text, delimiter, notes));
}

std::string refusal(std::string_view text) {
  Notes notes;
  EXPECT_FALSE(read_csv(text, ',', notes));
  EXPECT_TRUE(notes.failed());
  return notes.list().at(0).code + "@" + std::to_string(notes.list().at(0).place.row);
}

TEST(Csv, reads_cells_quotes_and_line_ends) {
  EXPECT_EQ(read("a,b\r\nc,\"d, \"\"e\"\"\nf\"\rg"), "1:[a][b] 2:[c][d, \"e\"\nf]q 3:[g] ");
  EXPECT_EQ(read("a,\n\n,\"\"\n"), "1:[a][] 2: 3:[][]q ");
  EXPECT_EQ(read("a;b", ';'), "1:[a][b] ");
  EXPECT_EQ(read(""), "");
  EXPECT_EQ(read("5\" nails,\"x\"y"), "1:[5\" nails][xy]q ");
}

TEST(Csv, delimiters_are_found_outside_quotes) {
  EXPECT_EQ(detect_delimiter("a,b;c,d\n"), ',');
  EXPECT_EQ(detect_delimiter("a;b;\"c,d,e,f\"\n1;2;3"), ';');
  EXPECT_EQ(detect_delimiter("a\tb, c, d, e\tf\ng\th, i\tj\n"), '\t');
  EXPECT_EQ(detect_delimiter("nothing"), ',');
}

TEST(Csv, what_is_not_closed_or_too_large_is_refused_at_its_row) {
  EXPECT_EQ(refusal("a,b\nc,\"d\ne\n"), "unclosed_quote@2");
  EXPECT_EQ(refusal("a\n" + std::string(10'000, ',')), "too_many_columns@2");
  EXPECT_EQ(refusal(std::string(5'000, '\n')), "too_many_rows@1000");
}

TEST(Csv, writes_quotes_only_where_they_are_needed) {
  EXPECT_EQ(csv_line({"a", "", "b c", "d,e", "f\"g", "h\ni", " j"}),
            "a,,b c,\"d,e\",\"f\"\"g\",\"h\ni\",\" j\"\r\n");
}

}  // namespace
}  // namespace rubricon::formats
