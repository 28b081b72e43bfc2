#include <rubricon/ai_http/model_rubric.hpp>

#include <rubricon/ai_http/sample_rubric_test.hpp>

#include <boost/json/parse.hpp>

namespace rubricon::ai_http {
namespace {

namespace json = boost::json;
using domain::Locale;

/// What is wrong with the sample after `break_it`.
template <typename Break>
std::string wrong(Break break_it) {
  json::value document = to_model(sample_rubric(), Locale::zh_tw);
  break_it(document.as_object());
  const auto read = parse_model_rubric(json::serialize(document));
  return read ? "" : read.error().detail;
}

json::object& row(json::object& document, std::size_t i) {
  return document["criteria"].as_array()[i].as_object();
}

TEST(ModelRubricTest, a_model_sees_one_text_each_and_what_it_must_not_touch) {
  auto rubric = sample_rubric();
  rubric.criteria[0].locked = true;
  rubric.criteria[1].cells[1].locked = true;
  const auto document = to_model(rubric, Locale::zh_tw);
  EXPECT_EQ(document.at("title"), "議論文評分規準");
  const auto& thesis = document.at("criteria").at(0);
  EXPECT_EQ(thesis.at("locked"), true);
  EXPECT_EQ(thesis.at("weight"), 60);
  EXPECT_EQ(thesis.at("levels").at(0).at("descriptor"), "立場明確");
  EXPECT_FALSE(thesis.at("levels").at(0).as_object().contains("typed"));
  const auto& proof = document.at("criteria").at(1);
  EXPECT_FALSE(proof.as_object().contains("locked"));
  EXPECT_EQ(proof.at("levels").at(0).at("typed"), true);
  EXPECT_EQ(proof.at("levels").at(1).at("locked"), true);
  EXPECT_FALSE(proof.at("levels").at(2).as_object().contains("typed"))
      << "nothing is written there";
  EXPECT_FALSE(json::serialize(document).contains("points"));
}

TEST(ModelRubricTest, a_document_of_both_languages_is_shown_in_the_teachers) {
  auto rubric = sample_rubric();
  rubric.language = domain::RubricLanguage::bilingual;
  EXPECT_EQ(to_model(rubric, Locale::en).at("title"), "Essay rubric");
  EXPECT_EQ(to_model(rubric, Locale::zh_tw).at("title"), "議論文評分規準");
  EXPECT_EQ(to_model(rubric, Locale::en).at("criteria").at(1).at("name"), "論據");
}

TEST(ModelRubricTest, what_was_shown_is_read_back_with_or_without_a_wrapping) {
  const auto text = json::serialize(to_model(sample_rubric(), Locale::zh_tw));
  const auto read = parse_model_rubric(text);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->criteria[1].levels[0], (ModelLevel{"l1", "優", "老師自己的話"}));
  EXPECT_EQ(parse_model_rubric("{\"rubric\":" + text + "}"), read);
}

TEST(ModelRubricTest, each_broken_rule_is_said_with_its_place) {
  using Object = json::object;
  EXPECT_EQ(wrong([](Object& d) { d.erase("title"); }), "title is missing");
  EXPECT_EQ(wrong([](Object& d) { d["title"] = " \u200B"; }), "title must not be empty");
  EXPECT_EQ(wrong([](Object& d) { d["language"] = "fr"; }),
            "language must be one of en, zh-TW, bilingual");
  EXPECT_EQ(wrong([](Object& d) { d["kind"] = 7; }),
            "kind must be one of analytic, holistic, single_point");
  EXPECT_EQ(wrong([](Object& d) { d["criteria"] = json::array(); }),
            "criteria must have 1 to 50 entries");
  EXPECT_EQ(wrong([](Object& d) { d["criteria"].as_array()[1] = 7; }),
            "criteria[1] must be an object");
  EXPECT_EQ(wrong([](Object& d) { row(d, 1)["weight"] = -1; }),
            "criteria[1].weight must be a number that is not negative");
  EXPECT_EQ(wrong([](Object& d) { row(d, 1)["weight"] = "40"; }),
            "criteria[1].weight must be a number that is not negative");
  EXPECT_EQ(wrong([](Object& d) { row(d, 0)["name"] = std::string(201, 'x'); }),
            "criteria[0].name must have at most 200 characters");
  EXPECT_EQ(
      wrong([](Object& d) { row(d, 0)["levels"].as_array()[2].as_object()["descriptor"] = 1; }),
      "criteria[0].levels[2].descriptor must be a string");
  EXPECT_EQ(wrong([](Object& d) { row(d, 1)["levels"].as_array().pop_back(); }),
            "criteria[1].levels must be the same levels as in criteria[0], in the same order");
  EXPECT_EQ(wrong([](Object& d) { row(d, 0)["levels"].as_array().resize(1); }),
            "criteria[0].levels must have 2 to 10 entries");
}

TEST(ModelRubricTest, what_is_no_json_or_far_too_much_is_refused) {
  for (const std::string text : {"", "{", "[]", "null", R"({"rubric":7})"}) {
    EXPECT_FALSE(parse_model_rubric(text)) << text;
  }
  EXPECT_EQ(parse_model_rubric(std::string(300'000, ' ')).error().detail, "it is too long");
  EXPECT_FALSE(parse_model_rubric(std::string(100, '[') + std::string(100, ']')));
}

}  // namespace
}  // namespace rubricon::ai_http
