// Every format that can be imported, over the 18 templates, in every language.
// tests: export.cpp import.cpp xlsx_export.cpp xlsx_import.cpp html_export.cpp html_import.cpp
// tests: rubric_grid.cpp table_reader.cpp assemble.cpp stored.cpp
#include <rubricon/formats/export.hpp>
#include <rubricon/formats/import.hpp>
#include <rubricon/formats/templates_test.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

struct Trip {
  FormatId format;
  Language language;
};

class RoundTrip : public testing::TestWithParam<Trip> {};

std::string codes(const Preview& preview) {
  std::string out;
  for (const auto& note : preview.notes) out += note.code + ": " + note.message.en + "\n";
  return out;
}

void expect_same(const domain::Rubric& rubric, const Trip& trip,
                 const std::optional<FormatId>& format) {
  const auto file = export_rubric(rubric, format_of(trip.format), {.language = trip.language});
  const auto preview = import_rubric(file.bytes, {.format = format});
  ASSERT_TRUE(preview.rubric.has_value()) << codes(preview) << file.bytes.substr(0, 2'000);
  const auto expected = trip.format == FormatId::json ? rubric : as_read(rubric, trip.language);
  EXPECT_EQ(domain::to_json(*preview.rubric), domain::to_json(expected)) << codes(preview);
  EXPECT_EQ(codes(preview), "");
}

TEST_P(RoundTrip, of_every_template_loses_nothing_that_the_format_holds) {
  for (const auto& rubric : templates()) {
    expect_same(rubric, GetParam(), GetParam().format);
    expect_same(rubric, GetParam(), std::nullopt);
  }
}

// Amounts that do not come out even, a title like a formula, cells with every sign that some format
// takes for its own, and cells that are empty.
TEST_P(RoundTrip, of_awkward_texts_loses_nothing) {
  auto rubric = as_read(essay(), Language::both);
  for (auto* text : {&rubric.criteria[0].name, &rubric.criteria[0].focus,
                     &rubric.criteria[0].cells[0].descriptor}) {
    text->en += R"( "quoted", 'single' | pipe \ back * _ ` [x](y) <b>&amp;</b> #; $)";
    text->zh_tw += R"(「引號」, | \ <b>&amp;</b>；100%)";
  }
  rubric.criteria[0].cells[1].descriptor = {.en = "=1+1\nsecond line\nthird",
                                            .zh_tw = "＝第一行：真\n第二行中"};
  rubric.criteria[0].cells[2].descriptor = {.en = "-minus, then 3 points: more",
                                            .zh_tw = "3 分：開頭就是分數"};
  rubric.criteria[0].cells[3].descriptor = {};
  rubric.criteria[1].cells[0].descriptor = {.en = "'=apostrophe", .zh_tw = "'=撇號"};
  rubric.criteria[2].focus = {};
  rubric.criteria[0].weight = domain::Amount::hundredths(2'533);
  rubric.criteria[1].weight = domain::Amount::hundredths(2'467);
  rubric.total = domain::Amount::whole(60);
  rubric = domain::recompute_points(rubric);
  if (GetParam().format == FormatId::canvas_csv) {
    // Weights are not in the file: they come back out of the points.
    rubric.criteria[0].weight = domain::Amount::whole(25);
    rubric.criteria[1].weight = domain::Amount::whole(25);
    rubric = domain::recompute_points(rubric);
  }
  expect_same(rubric, GetParam(), GetParam().format);
}

std::vector<Trip> trips() {
  std::vector<Trip> out;
  for (const auto& format : all_formats()) {
    if (!format.can_import || !format.can_export) continue;
    for (const auto language : {Language::en, Language::zh_tw, Language::both}) {
      out.push_back({format.id, language});
    }
  }
  return out;
}

std::string name_of(const testing::TestParamInfo<Trip>& info) {
  auto name = std::string(format_of(info.param.format).name) + "_" + to_string(info.param.language);
  for (auto& c : name) c = c == '-' ? '_' : c;
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, RoundTrip, testing::ValuesIn(trips()), name_of);

}  // namespace
}  // namespace rubricon::formats
