/// Texts that tell an AI what its teacher did not, and what one would do that obeys: the corpus
/// that every assistant is held against, in both languages.
#pragma once

#include <rubricon/domain/user.hpp>

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace rubricon::ports {

struct Injection {
  std::string id;
  domain::Locale locale = domain::Locale::en;
  std::string where;  ///< context, metadata (of what is attached), cell, or history
  std::string text;
  std::string
      says;  ///< one that obeys; {{SYSTEM}}, {{SYSTEM_UPPER}} and {{MARKER}} stand for these
  std::string does;  ///< to the table: "nothing", "overwrite", …
};

/// All of `tests/security/injections.json`, below the folder of the sources.
inline std::vector<Injection> all_injections(const std::string& sources) {
  std::ifstream file(sources + "/tests/security/injections.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<Injection> out;
  const auto corpus = boost::json::parse(text);
  for (const auto& each : corpus.as_array()) {
    const auto field = [&](const char* name) { return std::string(each.at(name).as_string()); };
    const bool english = field("language") == "en";
    out.push_back({field("id"), english ? domain::Locale::en : domain::Locale::zh_tw, field("in"),
                   field("text"), field("says"), field("does")});
  }
  EXPECT_GE(out.size(), 60u);
  return out;
}

/// A chat's context that has it: as a text that was attached, or as its name.
inline std::string context_with(const Injection& injection) {
  if (injection.where == "metadata") {
    return boost::json::serialize(boost::json::value{{"files", {{{"name", injection.text}}}}});
  }
  return boost::json::serialize(boost::json::value{{"grade", 8}, {"attached", injection.text}});
}

}  // namespace rubricon::ports
