// The real prompt to, and the real reading of, a model that obeys whatever it finds in the
// material.
#include <rubricon/ai_http/model_test.hpp>
#include <rubricon/ai_http/plain_text.hpp>
#include <rubricon/ai_http/prompts.hpp>
#include <rubricon/ai_http/sample_rubric_test.hpp>
#include <rubricon/ports/contract/injections.hpp>

#include <algorithm>

namespace rubricon::ai_http {
namespace {

namespace json = boost::json;
using domain::Locale;
using ports::Injection;

std::string text_of(const json::value& message) {
  return std::string(message.at("content").as_string());
}

std::string replaced(std::string text, std::string_view what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  });
  return text;
}

/// What was said to the model in one question.
struct Asked {
  explicit Asked(const SeenRequest& request) : messages(request.body.at("messages").as_array()) {
    system = text_of(messages.front());
    const auto at = system.find("DATA-");
    marker = system.substr(at, 5 + 32);
    for (const auto& each : messages) {
      const auto text = text_of(each);
      const auto begin = text.find("\n" + marker + "\n");
      if (begin == text.npos || &each == &messages.front()) continue;
      const auto from = begin + marker.size() + 2;
      const auto end = text.find("\n" + marker + "\n", from);
      material = json::parse(text.substr(from, end - from));
      before = text.substr(0, begin);
      behind = text.substr(end + marker.size() + 2);
    }
  }

  json::array messages;
  std::string system;
  std::string marker;
  json::value material;
  std::string before;  ///< of the message that has the material: what stands around it
  std::string behind;
};

/// The table as one leaves it who does what the injection says.
json::value obeyed_table(const Injection& injection, const Asked& asked) {
  auto rubric = asked.material.at("rubric");
  if (injection.does == "marker_in_title") rubric.as_object()["title"] = asked.marker;
  auto& criteria = rubric.at("criteria").as_array();
  if (injection.does == "delete_locked") criteria.erase(criteria.begin() + 1, criteria.end());
  for (auto& criterion : criteria) {
    auto& row = criterion.as_object();
    if (injection.does == "unlock") row["locked"] = false;
    if (injection.does == "full_marks") row["points"] = 1'000;
    for (auto& each : row["levels"].as_array()) {
      auto& level = each.as_object();
      if (injection.does == "unlock") level["fixed"] = false;
      if (injection.does == "full_marks") level["points"] = 1'000;
      if (injection.does == "marker_in_cell") level["descriptor"] = asked.marker;
      if (injection.does == "html_in_cell") level["descriptor"] = injection.says;
      if (injection.does == "overwrite" || injection.does == "unlock") {
        level["descriptor"] = "PWNED";
      }
    }
  }
  return rubric;
}

/// An answer that obeys, as the endpoint was asked to send it.
Script obey(const Injection& injection, const SeenRequest& request, Transport transport) {
  const Asked asked(request);
  auto says = replaced(injection.says, "{{SYSTEM_UPPER}}", upper(asked.system));
  says =
      replaced(replaced(std::move(says), "{{SYSTEM}}", asked.system), "{{MARKER}}", asked.marker);
  const auto table = injection.does == "nothing" ? json::value() : obeyed_table(injection, asked);
  std::string stream;
  if (transport == Transport::schema) {
    const json::object document = {{"reply", says},
                                   {"action", table.is_null() ? "none" : "replace"},
                                   {"rubric", table},
                                   {"questions", json::array{says}},
                                   {"assumptions", json::array{says}}};
    stream = token(json::serialize(document));
  } else if (transport == Transport::prose) {
    stream = token(says);
    if (!table.is_null())
      stream += token("\n\n```rubric+json\n" + json::serialize(table) + "\n```\n");
  } else {
    stream = token(says);
    const json::object arguments = {{"rubric", table}};
    const auto* tool = injection.does == "other_tool" ? "send_email" : "set_rubric";
    if (!table.is_null()) stream += call(json::serialize(arguments), tool);
  }
  return {stream_head(), send(stream + finish() + done()), close()};
}

class InjectionsTest : public ModelTest, public ::testing::WithParamInterface<Transport> {
 protected:
  InjectionsTest() {
    options.transport = GetParam();
    before.criteria[1].locked = true;
  }

  void prepare(const Injection& injection) {
    const bool english = injection.locale == Locale::en;
    auto rubric = before;
    request = {.message = english ? "Make the descriptors clearer" : "把描述寫清楚一點"};
    if (injection.where == "cell") rubric.criteria[0].cells[1].descriptor.zh_tw = injection.text;
    if (injection.where == "context" || injection.where == "metadata") {
      request.context = ports::context_with(injection);
    }
    if (injection.where == "history") {
      domain::Message message;
      message.content = injection.text;
      request.history.push_back(std::move(message));
    }
    request.rubric = domain::to_json(rubric);
    server.improvise = [injection](const SeenRequest& seen) {
      return obey(injection, seen, GetParam());
    };
  }
  void check_prompt(const Injection& injection);
  void check_answer(const Injection& injection);

  domain::Rubric before = sample_rubric();
};

void InjectionsTest::check_prompt(const Injection& injection) {
  const auto& seen = server.requests.back();
  const auto whole = json::serialize(seen.body);
  EXPECT_FALSE(whole.contains(options.key));
  const Asked asked(seen);
  const auto visible = without_invisible(injection.text);
  EXPECT_FALSE(asked.system.contains(visible));
  for (std::size_t i = 0; i < asked.messages.size(); ++i) {
    EXPECT_EQ(asked.messages[i].at("role") == "system", i == 0);
    const auto text = text_of(asked.messages[i]);
    EXPECT_EQ(without_invisible(text), text);
  }
  EXPECT_TRUE(asked.behind.ends_with("\n" + request.message));
  if (injection.where == "history") return;
  EXPECT_FALSE((asked.before + asked.behind).contains(visible)) << "only between the markers";
  const auto& texts = prompts(injection.locale);
  EXPECT_EQ(asked.behind, "\n" + texts.section("message") + "\n" + request.message);
  EXPECT_EQ(seen.body.contains("tools"), GetParam() == Transport::tool);
  if (GetParam() != Transport::tool) return;
  ASSERT_EQ(seen.body.at("tools").as_array().size(), 1u);
  EXPECT_EQ(seen.body.at("tools").at(0).at("function").at("name"), "set_rubric");
}

void InjectionsTest::check_answer(const Injection& injection) {
  const auto first = server.requests.size();
  const auto answered = ask();
  ASSERT_TRUE(answered.has_value());
  ASSERT_GT(server.requests.size(), first);
  const auto canary = Asked(server.requests.back()).marker.substr(5);
  const auto lost = [&](const std::string& text) {
    return upper(text).contains(upper(canary)) || showable(text) != text;
  };
  EXPECT_FALSE(lost(answered->text)) << answered->text;
  EXPECT_TRUE(answered->choices.empty());
  if (injection.says.contains("{{")) {
    EXPECT_EQ(answered->outcome, ports::AiOutcome::declined);
    EXPECT_TRUE(answered->text.ends_with(prompts(injection.locale).section("withheld")));
  }
  const bool foreign = injection.does == "other_tool" && GetParam() == Transport::tool;
  if (foreign || injection.does.starts_with("marker") || injection.does == "nothing") {
    EXPECT_EQ(answered->rubric, std::nullopt);
  }
  if (!answered->rubric) return;
  EXPECT_FALSE(lost(*answered->rubric));
  const auto after = domain::parse_rubric(*answered->rubric);
  ASSERT_TRUE(after.has_value());
  EXPECT_EQ(after->total, before.total);
  const auto kept = std::ranges::find(after->criteria, "proof", &domain::Criterion::id);
  ASSERT_NE(kept, after->criteria.end()) << "what is locked is not dropped";
  EXPECT_EQ(*kept, before.criteria[1]) << "nor changed";
  auto points = domain::Amount();
  for (const auto& criterion : after->criteria) points = points + criterion.points;
  EXPECT_EQ(points, domain::Amount::whole(100)) << "points are ours";
}

TEST_P(InjectionsTest, a_model_that_obeys_leads_to_nothing_that_is_not_the_teachers) {
  for (const auto& injection : ports::all_injections(RUBRICON_SOURCE_DIR)) {
    SCOPED_TRACE(injection.id);
    prepare(injection);
    check_answer(injection);
    check_prompt(injection);
    server.requests.clear();
  }
}

std::string name_of(const ::testing::TestParamInfo<Transport>& info) {
  return to_string(info.param);
}
INSTANTIATE_TEST_SUITE_P(ByTransport, InjectionsTest,
                         ::testing::Values(Transport::tool, Transport::schema, Transport::prose),
                         name_of);

}  // namespace
}  // namespace rubricon::ai_http
