/// A small rubric of ours, and the same as a model writes it.
#pragma once

#include <rubricon/ai_http/model_rubric.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

#include <string>

namespace rubricon::ai_http {

/// Two criteria, three levels; one cell is the teacher's.
inline domain::Rubric sample_rubric() {
  auto rubric = domain::parse_rubric(R"({
    "title": {"zh-TW": "議論文評分規準", "en": "Essay rubric"}, "language": "zh-TW",
    "kind": "analytic", "assignmentType": "essay", "grade": 8, "total": 100,
    "levels": [{"id": "l1", "name": {"zh-TW": "優"}}, {"id": "l2", "name": {"zh-TW": "可"}},
               {"id": "l3", "name": {"zh-TW": "待加強"}}],
    "criteria": [
      {"id": "thesis", "name": {"zh-TW": "論點", "en": "Thesis"}, "focus": {"zh-TW": "立場清楚嗎？"},
       "weight": 60, "source": "library", "cells": [
         {"levelId": "l1", "descriptor": {"zh-TW": "立場明確", "en": "A clear stance"},
          "origin": "library"},
         {"levelId": "l2", "descriptor": {"zh-TW": "立場大致可見"}, "origin": "library"},
         {"levelId": "l3", "descriptor": {"zh-TW": "提到題目"}, "origin": "library"}]},
      {"id": "proof", "name": {"zh-TW": "論據"}, "weight": 40, "source": "library", "cells": [
         {"levelId": "l1", "descriptor": {"zh-TW": "老師自己的話"}, "origin": "teacher"},
         {"levelId": "l2", "descriptor": {"zh-TW": "有一項論據"}, "origin": "library"},
         {"levelId": "l3", "descriptor": {}, "origin": "teacher"}]}]})");
  EXPECT_TRUE(rubric.has_value());
  return rubric.value_or(domain::Rubric());
}

/// `sample_rubric` as it comes back from a model that changes nothing.
inline ModelRubric sample_written() {
  auto written =
      parse_model_rubric(boost::json::serialize(to_model(sample_rubric(), domain::Locale::zh_tw)));
  EXPECT_TRUE(written.has_value());
  return written.value_or(ModelRubric());
}

/// A new rubric as a model writes it: one criterion, two levels.
inline std::string new_rubric_json(const std::string& title = "報告評分規準") {
  return fmt::format(
      R"({{"title":"{}","language":"zh-TW","kind":"analytic","criteria":[{{"id":"new:1",)"
      R"("name":"結構","focus":"","weight":1,"levels":[)"
      R"({{"id":"new:1","name":"優","descriptor":"段落分明🙂"}},)"
      R"({{"id":"new:2","name":"可","descriptor":"有段落"}}]}}]}})",
      title);
}

}  // namespace rubricon::ai_http
