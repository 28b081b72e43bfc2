// The teacher sentences of rubric/sentences.json, each read and carried out.
// tests: commands_rows.cpp
// tests: commands_scale.cpp
// tests: commands_weights.cpp
#include <rubricon/ai_rules/answering.hpp>
#include <rubricon/ai_rules/assistant.hpp>
#include <rubricon/domain/rubric.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace rubricon::ai_rules {
namespace {

namespace json = boost::json;

const Assistant& assistant() {
  static const Assistant the_assistant;
  return the_assistant;
}

std::string read_file(const std::string& name) {
  std::ifstream in(std::string(RUBRICON_SOURCE_DIR) + "/rubric/" + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string template_document() {
  static const std::string document =
      assistant().respond({.message = "議論文評分規準"}).rubric.value();
  return document;
}

ports::AiRequest request_for(const json::object& entry) {
  ports::AiRequest request;
  request.message = entry.at("text").as_string();
  if (entry.at("on").as_string() != "none") request.rubric = template_document();
  return request;
}

std::string text_of(const json::value& value) {
  return std::string(value.as_string());
}

/// The rubric facts that `expect` names, as "name=value" where they differ.
class Effect {
 public:
  Effect(const ports::AiAnswer& answer, const ports::AiRequest& request) : answer_(answer) {
    const auto& document = answer.rubric ? answer.rubric : request.rubric;
    if (document) rubric_ = domain::parse_rubric(*document).value();
  }

  std::vector<std::string> differences(const json::object& expect) const {
    std::vector<std::string> out;
    for (const auto& [key, value] : expect) {
      if (const auto found = check(key, value); !found.empty()) {
        out.push_back(fmt::format("{}: wanted {}, got {}", std::string_view(key),
                                  json::serialize(value), found));
      }
    }
    return out;
  }

 private:
  static std::string unless(bool ok, std::string got) { return ok ? "" : got.empty() ? "-" : got; }

  std::string check(std::string_view key, const json::value& value) const {
    if (key == "outcome") {
      return unless(text_of(value) == to_string(answer_.outcome), to_string(answer_.outcome));
    }
    if (key == "choices") {
      const auto count = answer_.choices.size();
      return unless(static_cast<std::int64_t>(count) >= value.as_int64(), std::to_string(count));
    }
    if (key == "type") {
      const auto got = rubric_.assignment_type.value_or("");
      return unless(got == text_of(value), got);
    }
    if (key == "grade") return same(rubric_.grade.value_or(0), value.as_int64());
    if (key == "band") {
      const auto got = rubric_.grade_band.value_or("");
      return unless(got == text_of(value), got);
    }
    if (key == "levels") return same(static_cast<int>(rubric_.levels.size()), value.as_int64());
    if (key == "total") {
      return unless(rubric_.total == domain::Amount::whole(value.as_int64()),
                    to_string(rubric_.total));
    }
    if (key == "language") {
      return unless(text_of(value) == to_string(rubric_.language), to_string(rubric_.language));
    }
    return check_rows(key, value);
  }

  std::string check_rows(std::string_view key, const json::value& value) const {
    if (key == "weights") {
      for (const auto& [id, weight] : value.as_object()) {
        const auto* row = rubric_.find(std::string_view(id));
        if (row == nullptr || row->weight != domain::Amount::whole(weight.as_int64()))
          return rows();
      }
      return "";
    }
    if (key == "has" || key == "lacks") {
      for (const auto& id : value.as_array()) {
        if ((rubric_.find(text_of(id)) != nullptr) != (key == "has")) return rows();
      }
      return "";
    }
    if (key == "first") return unless(rubric_.criteria[0].id == text_of(value), rows());
    if (key == "name") {
      for (const auto& [id, name] : value.as_object()) {
        const auto* row = rubric_.find(std::string_view(id));
        if (row == nullptr) return rows();
        if (row->name.en != text_of(name) && row->name.zh_tw != text_of(name)) {
          return row->name.en + row->name.zh_tw;
        }
      }
      return "";
    }
    if (key == "cell") {
      const auto* row = rubric_.find(text_of(value.at(0)));
      if (row == nullptr) return rows();
      const auto& text = row->cells.at(static_cast<std::size_t>(value.at(1).as_int64())).descriptor;
      return unless(text.en + text.zh_tw == text_of(value.at(2)), text.en + text.zh_tw);
    }
    if (key == "level_names") {
      std::vector<std::string> got;
      for (const auto& level : rubric_.levels) got.push_back(level.name.en + level.name.zh_tw);
      std::vector<std::string> wanted;
      for (const auto& name : value.as_array()) wanted.push_back(text_of(name));
      return unless(got == wanted, fmt::format("{}", fmt::join(got, "|")));
    }
    return "an unknown key";
  }

  static std::string same(std::int64_t got, std::int64_t wanted) {
    return unless(got == wanted, std::to_string(got));
  }

  std::string rows() const {
    std::string out;
    for (const auto& row : rubric_.criteria) out += row.id + "=" + to_string(row.weight) + " ";
    return out;
  }

  const ports::AiAnswer& answer_;
  domain::Rubric rubric_;
};

TEST(Sentences, are_read_and_carried_out_as_a_teacher_means_them) {
  const auto document = json::parse(read_file("sentences.json"));
  const auto& all = document.at("sentences").as_array();
  std::size_t read_right = 0;
  std::size_t done_right = 0;
  for (const auto& value : all) {
    const auto& entry = value.as_object();
    const auto request = request_for(entry);
    std::vector<std::string> wanted;
    for (const auto& intent : entry.at("intents").as_array()) wanted.push_back(text_of(intent));
    auto got = Answering::readings(assistant().library(), assistant().rules(), request);
    std::ranges::sort(wanted);
    std::ranges::sort(got);
    const bool creates = std::ranges::find(wanted, "create") != wanted.end();
    // In a request for a new rubric further readings only repeat what it already has.
    const bool read = creates ? std::ranges::includes(got, wanted) : got == wanted;
    const auto answer = assistant().respond(request);
    const auto differences = Effect(answer, request).differences(entry.at("expect").as_object());
    read_right += read ? 1 : 0;
    done_right += differences.empty() ? 1 : 0;
    EXPECT_TRUE(read) << request.message << "\n  wanted "
                      << fmt::format("{}", fmt::join(wanted, " ")) << "\n  got    "
                      << fmt::format("{}", fmt::join(got, " "));
    EXPECT_TRUE(differences.empty())
        << request.message << "\n  " << fmt::format("{}", fmt::join(differences, "\n  "));
    EXPECT_FALSE(answer.text.empty()) << request.message;
  }
  std::printf("%zu sentences: %.1f %% read, %.1f %% carried out\n", all.size(),
              100.0 * static_cast<double>(read_right) / static_cast<double>(all.size()),
              100.0 * static_cast<double>(done_right) / static_cast<double>(all.size()));
  EXPECT_GE(all.size(), 150u);
}

/// The file's own cases: the first reading and its slots.
TEST(Sentences, of_the_rule_file_still_hold) {
  const auto rubric = domain::parse_rubric(template_document()).value();
  for (const auto& example : assistant().rules().examples()) {
    ports::AiRequest request{.message = example.text};
    request.rubric = template_document();
    const auto readings = Answering::readings(assistant().library(), assistant().rules(), request);
    const auto got = readings.empty() ? std::string("unknown") : readings[0];
    EXPECT_EQ(got, example.intent) << example.text;
    if (example.slots.empty() || got != example.intent) continue;
    const auto text = assistant().rules().normalise(example.text);
    const TableGuard guard(rubric, assistant().library(), assistant().rules());
    const auto clauses = split(assistant().rules(), text.text(), guard);
    ASSERT_FALSE(clauses.list.empty());
    const auto& slots = clauses.list[0].reading.slots;
    std::vector<std::string> values;
    for (const auto& slot : slots) {
      values.push_back(text.text().substr(slot.span.begin, slot.span.end - slot.span.begin));
    }
    EXPECT_EQ(values.size(), example.slots.size()) << example.text;
    for (std::size_t i = 0; i < std::min(values.size(), example.slots.size()); ++i) {
      if (example.slots[i] != "*") EXPECT_EQ(values[i], example.slots[i]) << example.text;
    }
  }
}

}  // namespace
}  // namespace rubricon::ai_rules
