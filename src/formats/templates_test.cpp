#include <rubricon/formats/templates_test.hpp>

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <fstream>
#include <sstream>

namespace rubricon::formats {
namespace {

namespace json = boost::json;
using domain::Amount;
using domain::LocalText;
using domain::Rubric;

LocalText text(const json::value& value) {
  return {.en = std::string(value.at("en").as_string()),
          .zh_tw = std::string(value.at("zh-TW").as_string())};
}

Rubric document(const json::object& type, const json::value& labels) {
  Rubric out;
  out.title = text(type.at("title"));
  out.language = domain::RubricLanguage::bilingual;
  out.assignment_type = std::string(type.at("id").as_string());
  out.total = Amount::whole(100);
  for (std::size_t i = 0; i < 4; ++i) {
    out.levels.push_back({"l" + std::to_string(i + 1),
                          {.en = std::string(labels.at("en").at(i).as_string()),
                           .zh_tw = std::string(labels.at("zh-TW").at(i).as_string())}});
  }
  for (const auto& from : type.at("criteria").as_array()) {
    domain::Criterion row;
    row.id = from.at("id").as_string();
    row.name = text(from.at("name"));
    row.focus = text(from.at("focus"));
    row.weight = Amount::whole(from.at("weight").as_int64());
    row.source = domain::CriterionSource::library;
    for (std::size_t i = 0; i < 4; ++i) {
      row.cells.push_back({out.levels[i].id,
                           {},
                           text(from.at("levels").at(i).at("descriptor")),
                           domain::CellOrigin::library});
    }
    out.criteria.push_back(std::move(row));
  }
  return domain::recompute_points(std::move(out));
}

LocalText only(const LocalText& from, Language language) {
  if (language == Language::en) return {.en = from.in(domain::Locale::en), .zh_tw = {}};
  if (language == Language::zh_tw) return {.en = {}, .zh_tw = from.in(domain::Locale::zh_tw)};
  return from;
}

TEST(Templates, are_eighteen_documents_that_the_domain_accepts) {
  EXPECT_EQ(templates().size(), 18u);
  for (const auto& each : templates()) {
    const auto parsed = domain::parse_rubric(domain::to_json(each));
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(*parsed, each);
  }
}

}  // namespace

std::string read_file(const std::string& path_in_source) {
  const std::ifstream file(std::string(RUBRICON_SOURCE_DIR) + "/" + path_in_source,
                           std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

const std::vector<Rubric>& templates() {
  static const auto all = [] {
    std::vector<Rubric> out;
    const auto knowledge = json::parse(read_file("rubric/rubric_knowledge.json"));
    for (const auto& type : knowledge.at("assignment_types").as_array()) {
      out.push_back(document(type.as_object(), knowledge.at("scales").at("4").at("labels")));
    }
    return out;
  }();
  return all;
}

const Rubric& essay() {
  return templates()[1];
}

Rubric as_read(const Rubric& rubric, Language language) {
  Rubric out;
  out.title = only(rubric.title, language);
  out.language = language == Language::en      ? domain::RubricLanguage::en
                 : language == Language::zh_tw ? domain::RubricLanguage::zh_tw
                                               : domain::RubricLanguage::bilingual;
  out.total = rubric.total;
  for (std::size_t i = 0; i < rubric.levels.size(); ++i) {
    out.levels.push_back({"l" + std::to_string(i + 1), only(rubric.levels[i].name, language)});
  }
  for (std::size_t i = 0; i < rubric.criteria.size(); ++i) {
    const auto& from = rubric.criteria[i];
    domain::Criterion row;
    row.id = "c" + std::to_string(i + 1);
    row.name = only(from.name, language);
    row.focus = only(from.focus, language);
    row.weight = from.weight;
    row.points = from.points;
    for (std::size_t k = 0; k < from.cells.size(); ++k) {
      row.cells.push_back({out.levels[k].id, from.cells[k].points,
                           only(from.cells[k].descriptor, language), domain::CellOrigin::teacher});
    }
    out.criteria.push_back(std::move(row));
  }
  return out;
}

Rubric small_rubric() {
  Rubric out;
  out.title.zh_tw = "議論文評分";
  out.language = domain::RubricLanguage::zh_tw;
  out.total = Amount::whole(20);
  const auto names = {"優秀", "良好", "待加強"};
  for (const char* name : names) {
    out.levels.push_back({"l" + std::to_string(out.levels.size() + 1), {.en = {}, .zh_tw = name}});
  }
  const auto add = [&out](const char* name, const char* focus,
                          const std::vector<const char*>& texts) {
    domain::Criterion row;
    row.id = "c" + std::to_string(out.criteria.size() + 1);
    row.name.zh_tw = name;
    row.focus.zh_tw = focus;
    row.weight = Amount::whole(50);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      row.cells.push_back({out.levels[i].id, {}, {.en = {}, .zh_tw = texts[i]}, {}});
      row.cells.back().origin = domain::CellOrigin::teacher;
    }
    out.criteria.push_back(std::move(row));
  };
  add("論點與立場", "是否可辯論", {"立場精確", "立場清楚", "沒有立場"});
  add("組織", "", {"段落分明", "大致分明", ""});
  return domain::recompute_points(std::move(out));
}

}  // namespace rubricon::formats
