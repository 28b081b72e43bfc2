// The formats of other programs' interfaces: what they must have, as their sources say.
// tests: json_lines.cpp
#include <rubricon/formats/case_json.hpp>
#include <rubricon/formats/classroom.hpp>
#include <rubricon/formats/json_lines.hpp>
#include <rubricon/formats/markup.hpp>
#include <rubricon/formats/moodle.hpp>
#include <rubricon/formats/templates_test.hpp>
#include <rubricon/formats/turnitin.hpp>
#include <rubricon/formats/zip.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

namespace json = boost::json;

const auto changed_at = base::parse_time("2026-11-22T21:48:35.123Z").value();

TEST(JsonLines, writes_decimals_as_people_do) {
  EXPECT_EQ(
      json_lines({{"a", json_number(domain::Amount::hundredths(1'250))},
                  {"b", json::array{json_number(domain::Amount::whole(10)), "中"}},
                  {"c", json::array{}},
                  {"d", json::object{}}}),
      "{\n  \"a\": 12.5,\n  \"b\": [\n    10,\n    \"中\"\n  ],\n  \"c\": [],\n  \"d\": {}\n}\n");
}

TEST(Moodle, json_is_what_save_definitions_takes) {
  const auto body = json::parse(write_moodle_json(small_rubric(), Language::zh_tw, changed_at));
  const auto& area = body.at("areas").at(0);
  for (const char* key : {"cmid", "contextid", "component", "areaname", "definitions"}) {
    EXPECT_TRUE(area.as_object().contains(key)) << key;
  }
  const auto& definition = area.at("definitions").at(0);
  EXPECT_EQ(definition.at("method"), "rubric");
  EXPECT_EQ(definition.at("status"), 20);
  EXPECT_EQ(definition.at("timecreated"), base::unix_ms(changed_at) / 1'000);
  for (const char* key : {"name", "timemodified", "usercreated", "usermodified"}) {
    EXPECT_TRUE(definition.as_object().contains(key)) << key;
  }
  const auto& criterion = definition.at("rubric").at("rubric_criteria").at(0);
  EXPECT_EQ(criterion.at("sortorder"), 1);
  EXPECT_EQ(criterion.at("description"), "論點與立場\n是否可辯論");
  EXPECT_FALSE(criterion.as_object().contains("id")) << "it would be an existing criterion";
  EXPECT_EQ(criterion.at("levels").at(1).at("score"), 5);
}

// Moodle's levels have no name, and none may be empty.
TEST(Moodle, a_level_is_its_name_and_descriptor) {
  const auto body = json::parse(write_moodle_json(small_rubric(), Language::zh_tw, changed_at));
  const auto& criteria = body.at("areas").at(0).at("definitions").at(0).at("rubric");
  EXPECT_EQ(criteria.at("rubric_criteria").at(0).at("levels").at(0).at("definition"),
            "優秀：立場精確");
  EXPECT_EQ(criteria.at("rubric_criteria").at(1).at("levels").at(2).at("definition"), "待加強");
}

TEST(Moodle, xml_nests_levels_in_criteria_as_a_backup_does) {
  auto rubric = small_rubric();
  rubric.criteria.resize(1);
  rubric.criteria[0].cells.resize(1);
  rubric.criteria[0].cells[0].descriptor.zh_tw = "<b>&";
  EXPECT_EQ(write_moodle_xml(rubric, Language::zh_tw),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<criteria>\n  <criterion id=\"1\">\n"
            "    <sortorder>1</sortorder>\n    <description>論點與立場\n是否可辯論</description>\n"
            "    <descriptionformat>2</descriptionformat>\n    <levels>\n      <level id=\"1\">\n"
            "        <score>10</score>\n        <definition>優秀：&lt;b&gt;&amp;</definition>\n"
            "        <definitionformat>2</definitionformat>\n      </level>\n    </levels>\n"
            "  </criterion>\n</criteria>\n");
}

TEST(Classroom, json_is_the_body_of_rubrics_create) {
  EXPECT_EQ(json::parse(write_classroom_json(small_rubric(), Language::zh_tw)).at("criteria").at(0),
            json::parse(R"({"title":"論點與立場","description":"是否可辯論","levels":[
              {"title":"優秀","description":"立場精確","points":10},
              {"title":"良好","description":"立場清楚","points":5},
              {"title":"待加強","description":"沒有立場","points":0}]})"));
}

TEST(Case, has_weights_positions_and_identifiers_that_follow_from_the_contents) {
  const auto text = write_case_json(small_rubric(), Language::zh_tw, changed_at);
  EXPECT_EQ(text, write_case_json(small_rubric(), Language::zh_tw, changed_at));
  const auto rubric = json::parse(text);
  EXPECT_EQ(rubric.at("title"), "議論文評分");
  EXPECT_EQ(rubric.at("lastChangeDateTime"), "2026-11-22T21:48:35Z");
  const auto& criterion = rubric.at("CFRubricCriteria").at(1);
  EXPECT_EQ(criterion.at("category"), "組織");
  EXPECT_EQ(criterion.at("weight"), 50);
  EXPECT_EQ(criterion.at("position"), 2);
  EXPECT_EQ(criterion.at("rubricId"), rubric.at("identifier"));
  const auto& level = criterion.at("CFRubricCriterionLevels").at(1);
  EXPECT_EQ(level.at("quality"), "良好");
  EXPECT_EQ(level.at("score"), 5);
  EXPECT_EQ(level.at("rubricCriterionId"), criterion.at("identifier"));
  EXPECT_EQ(level.at("identifier").as_string().size(), 36u);
  EXPECT_EQ(level.at("identifier").as_string()[14], '5');
}

TEST(Turnitin, has_thirteen_characters_of_titles_and_no_numbers) {
  EXPECT_EQ(turnitin_title("Organisation and flow"), "Organisation");
  EXPECT_EQ(turnitin_title("論點"), "論點");
  const auto bytes = write_turnitin_xlsx(essay(), Language::en);
  Notes notes;
  auto archive = ZipArchive::open(bytes, notes);
  ASSERT_TRUE(archive);
  const auto sheet = archive->read("xl/worksheets/sheet1.xml").value();
  EXPECT_EQ(sheet.find("<v>"), std::string::npos);
  EXPECT_EQ(sheet.find(" pts"), std::string::npos);
  const auto name = essay().criteria[0].name.en;
  EXPECT_NE(sheet.find(escape_markup(turnitin_title(name) + "\n" + name)), std::string::npos);
}

}  // namespace
}  // namespace rubricon::formats
