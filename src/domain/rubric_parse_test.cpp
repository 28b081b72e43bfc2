#include <rubricon/domain/rubric.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace rubricon::domain {
namespace {

const std::string good = R"({
  "title": {"zh-TW": "八年級議論文評分規準"}, "language": "zh-TW", "kind": "analytic",
  "assignmentType": "argumentative_essay", "grade": 8, "gradeBand": null, "total": 50,
  "levels": [{"id": "l1", "name": {"zh-TW": "優異"}}, {"id": "l2", "name": {"zh-TW": "良好"}},
             {"id": "l3", "name": {"en": "Beginning"}}],
  "criteria": [
    {"id": "thesis", "name": {"en": "Thesis"}, "focus": {}, "weight": 62.5, "points": 3,
     "locked": true, "source": "library", "cells": [
      {"levelId": "l3", "descriptor": {"en": "low"}, "origin": "between"},
      {"levelId": "l1", "points": 99, "descriptor": {"en": "line one\nline two"}},
      {"levelId": "l2", "descriptor": {}}]},
    {"id": "own-1", "name": {"zh-TW": "創意"}, "weight": 37.5, "cells": [
      {"levelId": "l1"}, {"levelId": "l2"}, {"levelId": "l3"}]}]})";

std::string with(std::string from, const std::string& to) {
  auto text = good;
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

/// "reason: field code, field code"
std::string refusal(std::string_view json) {
  const auto result = parse_rubric(json);
  if (result) return "";
  std::string out = result.error().reason + ":";
  for (const auto& field : result.error().fields) out += " " + field.field + " " + field.code + ",";
  if (out.back() == ',') out.pop_back();
  return out;
}

TEST(ParseRubric, knows_a_models_cells_and_locked_ones_and_writes_a_lock_only_where_there_is_one) {
  const auto rubric = parse_rubric(
      with(R"({"levelId": "l1"})", R"({"levelId": "l1", "origin": "model", "locked": true})"));
  ASSERT_TRUE(rubric);
  const auto& cells = rubric->criteria[1].cells;
  EXPECT_EQ(cells[0].origin, CellOrigin::model);
  EXPECT_TRUE(cells[0].locked);
  EXPECT_FALSE(cells[1].locked);
  const auto written = to_json(*rubric);
  EXPECT_EQ(parse_rubric(written), rubric);
  EXPECT_EQ(to_json(*parse_rubric(good)).find(R"("origin":"teacher","locked")"), std::string::npos);
  EXPECT_EQ(refusal(with(R"({"levelId": "l1"})", R"({"levelId": "l1", "locked": 1})")),
            "invalid_type: criteria[1].cells[0].locked invalid_type");
}

TEST(ParseRubric, reads_a_document_orders_its_cells_and_computes_the_points) {
  const auto rubric = parse_rubric(good);
  ASSERT_TRUE(rubric) << refusal(good);
  EXPECT_EQ(rubric->title.zh_tw, "八年級議論文評分規準");
  EXPECT_EQ(rubric->grade, 8);
  EXPECT_EQ(rubric->grade_band, "junior_high");
  const auto& thesis = rubric->criteria[0];
  EXPECT_TRUE(thesis.locked);
  EXPECT_EQ(thesis.source, CriterionSource::library);
  EXPECT_EQ(to_string(thesis.weight), "62.5");
  EXPECT_EQ(to_string(thesis.points), "31.5");
  ASSERT_EQ(thesis.cells.size(), 3u);
  EXPECT_EQ(thesis.cells[0].descriptor.en, "line one\nline two");
  EXPECT_EQ(to_string(thesis.cells[0].points), "31.5");
  EXPECT_EQ(to_string(thesis.cells[1].points), "16");
  EXPECT_EQ(to_string(thesis.cells[2].points), "0");
  EXPECT_EQ(thesis.cells[2].origin, CellOrigin::between);
  EXPECT_EQ(rubric->criteria[1].source, CriterionSource::teacher);
  EXPECT_EQ(to_string(rubric->criteria[1].points), "18.5");
}

TEST(ToJson, writes_decimals_as_people_do) {
  auto rubric = parse_rubric(good).value();
  rubric.total = Amount::hundredths(1250);
  const auto text = to_json(rubric);
  EXPECT_TRUE(text.contains(R"("total":12.5,)")) << text;
  rubric.total = Amount::hundredths(1);
  EXPECT_TRUE(to_json(rubric).contains(R"("total":0.01,)"));
}

TEST(ParseRubric, reads_back_what_to_json_writes) {
  const auto rubric = parse_rubric(good);
  ASSERT_TRUE(rubric);
  const auto again = parse_rubric(to_json(*rubric));
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, *rubric);
}

TEST(ParseRubric, names_the_shape_errors_of_a_request) {
  EXPECT_EQ(refusal("{"), "malformed_json:");
  EXPECT_EQ(refusal(""), "malformed_json:");
  EXPECT_EQ(refusal("{\"title\":\"\\ud800\"}"), "malformed_json:");
  EXPECT_EQ(refusal(std::string(1000, '[')), "malformed_json:");
  EXPECT_EQ(refusal("[]"), "invalid_type:  invalid_type");
  EXPECT_EQ(refusal(std::string(rubric_bytes_max + 1, ' ')), "rubric_too_large:");
  EXPECT_EQ(refusal(with("\"kind\"", "\"sort\"")), "unknown_field: sort unknown_field");
  EXPECT_EQ(refusal(with("\"total\": 50", "\"total\": \"50\"")),
            "invalid_type: total invalid_type");
  EXPECT_EQ(refusal(with("\"points\": 99", "\"points\": \"99\"")),
            "invalid_type: criteria[0].cells[1].points invalid_type");
  EXPECT_EQ(refusal(with("\"locked\": true", "\"locked\": 1")),
            "invalid_type: criteria[0].locked invalid_type");
  EXPECT_EQ(refusal(with("{\"zh-TW\": \"創意\"}", "\"創意\"")),
            "invalid_type: criteria[1].name invalid_type");
  EXPECT_EQ(refusal(with("{\"zh-TW\": \"創意\"}", "{\"fr\": \"créa\"}")),
            "unknown_field: criteria[1].name.fr unknown_field");
  EXPECT_EQ(refusal(with("\"grade\": 8", "\"grade\": 8.5")), "invalid_type: grade invalid_type");
}

TEST(ParseRubric, names_the_rules_that_a_document_breaks) {
  const auto rule = [](const std::string& from, const std::string& to) {
    return refusal(with(from, to));
  };
  EXPECT_EQ(refusal("{}"),
            "invalid_rubric: title missing, language missing, total missing, levels missing, "
            "criteria missing");
  EXPECT_EQ(rule("\"total\": 50", "\"total\": 0"), "invalid_rubric: total out_of_range");
  EXPECT_EQ(rule("\"total\": 50", "\"total\": 1e300"), "invalid_rubric: total out_of_range");
  EXPECT_EQ(rule("62.5", "100.01"), "invalid_rubric: criteria[0].weight out_of_range");
  EXPECT_EQ(rule("62.5", "-1"), "invalid_rubric: criteria[0].weight out_of_range");
  EXPECT_EQ(rule("\"grade\": 8", "\"grade\": 17"), "invalid_rubric: grade out_of_range");
  EXPECT_EQ(rule("\"gradeBand\": null", "\"gradeBand\": \"kindergarten\""),
            "invalid_rubric: gradeBand unknown_value");
  EXPECT_EQ(rule("\"language\": \"zh-TW\"", "\"language\": \"fr\""),
            "invalid_rubric: language unknown_value");
  EXPECT_EQ(rule("\"id\": \"own-1\"", "\"id\": \"thesis\""),
            "invalid_rubric: criteria[1].id duplicate");
  EXPECT_EQ(rule("\"id\": \"own-1\"", "\"id\": \"own 1\""),
            "invalid_rubric: criteria[1].id invalid_id");
  EXPECT_EQ(rule("{\"levelId\": \"l2\"}, ", ""), "invalid_rubric: criteria[1].cells missing_cell");
  EXPECT_EQ(rule("{\"levelId\": \"l2\"}, ", "{\"levelId\": \"l1\"}, "),
            "invalid_rubric: criteria[1].cells[1].levelId duplicate, criteria[1].cells "
            "missing_cell");
  EXPECT_EQ(rule("{\"levelId\": \"l2\"}, ", "{\"levelId\": \"l9\"}, "),
            "invalid_rubric: criteria[1].cells[1].levelId unknown_level, criteria[1].cells "
            "missing_cell");
  EXPECT_EQ(rule("{\"zh-TW\": \"創意\"}", "{\"en\": \" \"}"),
            "invalid_rubric: criteria[1].name empty");
  EXPECT_EQ(rule("創意", std::string(201, 'x')), "invalid_rubric: criteria[1].name.zh-TW too_long");
  EXPECT_EQ(rule("創意", "創\\n意"), "invalid_rubric: criteria[1].name.zh-TW control_character");
  EXPECT_EQ(rule("line one", std::string(2001, 'x')),
            "invalid_rubric: criteria[0].cells[1].descriptor.en too_long");
  EXPECT_EQ(rule("line one", "\\u0000"),
            "invalid_rubric: criteria[0].cells[1].descriptor.en control_character");
}

TEST(ParseRubric, bounds_the_table_and_the_list_of_errors) {
  std::string levels = "[";
  for (int i = 0; i < 11; ++i) {
    levels += (i ? "," : "") + std::string("{\"id\":\"l") + std::to_string(i) +
              "\",\"name\":{\"en\":\"x\"}}";
  }
  const std::string head = R"({"title":{"en":"t"},"language":"en","total":10,"levels":)";
  EXPECT_EQ(refusal(head + levels + R"(],"criteria":[]})"),
            "invalid_rubric: levels too_many, criteria too_few");
  std::string criteria = "[";
  for (int i = 0; i < 51; ++i) criteria += i ? ",1" : "1";
  EXPECT_EQ(refusal(head + "[],\"criteria\":" + criteria + "]}"),
            "invalid_rubric: levels too_few, criteria too_many");
  std::string many = "{";
  for (int i = 0; i < 200; ++i) many += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
  EXPECT_EQ(parse_rubric(many + "}").error().fields.size(), 50u);
}

}  // namespace
}  // namespace rubricon::domain
