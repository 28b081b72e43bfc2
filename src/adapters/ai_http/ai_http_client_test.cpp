// tests: answer_run.cpp
#include <rubricon/ai_http/ai_http_client.hpp>

#include <rubricon/ai_http/model_test.hpp>
#include <rubricon/ai_http/prompts.hpp>
#include <rubricon/ai_http/sample_rubric_test.hpp>

namespace rubricon::ai_http {
namespace {

using namespace std::chrono_literals;
using domain::Locale;
using ports::AiOutcome;

constexpr const char* no_tools = R"({"error":{"message":"tiny does not support tools"}})";
constexpr const char* no_schema = R"({"error":{"message":"response_format is not supported"}})";

class AiHttpClientTest : public ModelTest {
 protected:
  std::string text(const char* section) { return prompts(Locale::zh_tw).section(section); }
  static std::string fenced(const std::string& json) {
    return "好的。\n\n```rubric+json\n" + json + "\n```\n";
  }
  Script saying(const std::string& content, const char* reason = "stop") {
    return {stream_head(), send(token(content) + finish(reason) + done()), close()};
  }
};

TEST_F(AiHttpClientTest, the_question_goes_to_the_endpoint_with_its_key_and_the_answer_streams) {
  server.add({stream_head(),
              send(token("評分") + token("規準🙂") + finish() + usage(100, 20) + done()), close()});
  const auto answered = ask();
  ASSERT_TRUE(answered.has_value());
  EXPECT_EQ(answered->text, "評分規準🙂");
  EXPECT_EQ(answered->source, "tiny");
  EXPECT_EQ(answered->outcome, AiOutcome::answered);
  EXPECT_EQ(answered->rubric, std::nullopt);
  EXPECT_EQ(answered->usage, (ports::AiUsage{100, 20, std::nullopt}));
  const auto& seen = server.requests.at(0);
  EXPECT_TRUE(seen.head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"));
  EXPECT_TRUE(seen.head.contains("Authorization: Bearer sk-very-secret\r\n"));
  EXPECT_FALSE(seen.head.contains("Expect:"));
  EXPECT_EQ(seen.body.at("model"), "tiny");
  EXPECT_TRUE(seen.body.contains("tools"));
  EXPECT_FALSE(logged.contains(options.key));
}

TEST_F(AiHttpClientTest, without_a_key_none_is_sent) {
  options.key.clear();
  server.add(good());
  EXPECT_TRUE(ask().has_value());
  EXPECT_FALSE(server.requests.at(0).head.contains("Authorization"));
}

TEST_F(AiHttpClientTest, the_first_token_is_told_though_it_is_only_a_thought) {
  const boost::json::object choice = {{"index", 0}, {"delta", {{"reasoning_content", "hm"}}}};
  const auto thought = event({{"choices", boost::json::array{choice}}});
  server.add({stream_head(), send(thought + thought + token("好") + finish() + done()), close()});
  std::vector<std::string> told;
  const auto answered = run(client().answer(
      request, [&told](std::string_view piece) { told.emplace_back(piece); },
      base::Deadline::after(clock.monotonic(), deadline)));
  ASSERT_TRUE(answered.has_value());
  EXPECT_EQ(told, (std::vector<std::string>{"", "好"}));
}

TEST_F(AiHttpClientTest, emoji_and_cjk_come_whole_wherever_the_bytes_are_cut) {
  const auto whole = token("評🙂") + finish() + done();
  for (std::size_t cut = 1; cut < whole.size(); ++cut) {
    server.add({stream_head(), send(whole.substr(0, cut)), send(whole.substr(cut)), close()});
    const auto answered = ask();
    ASSERT_TRUE(answered.has_value()) << cut;
    EXPECT_EQ(answered->text, "評🙂") << cut;
  }
}

TEST_F(AiHttpClientTest, the_first_token_is_there_before_the_last) {
  server.add({stream_head(), send(token("好")), hang()});
  auto asked = boost::asio::co_spawn(io, asking(), boost::asio::use_future);
  run_until([&] { return delivered == "好"; });
  EXPECT_FALSE(is_ready(asked));
  run(server.stop());
  run_until([&] { return is_ready(asked); });
  EXPECT_THROW(asked.get(), ports::AiAway);
}

TEST_F(AiHttpClientTest, an_answer_that_is_finished_waits_a_moment_only_for_what_follows) {
  options.tail_timeout = 30ms;
  server.add({stream_head(), send(token("好") + finish()), hang()});
  const auto answered = ask();
  ASSERT_TRUE(answered.has_value());
  EXPECT_EQ(answered->text, "好");
  EXPECT_EQ(answered->usage, std::nullopt);
}

TEST_F(AiHttpClientTest, a_call_makes_a_rubric) {
  server.add({stream_head(),
              send(token("為您設計好了。") + call(R"({"rubric":)") + call(new_rubric_json() + "}") +
                   finish("tool_calls") + done()),
              close()});
  const auto answered = ask();
  ASSERT_TRUE(answered.has_value());
  EXPECT_EQ(answered->text, "為您設計好了。");
  EXPECT_EQ(answered->outcome, AiOutcome::created);
  EXPECT_EQ(answered->chat_title, "報告評分規準");
  const auto rubric = domain::parse_rubric(answered->rubric.value_or(""));
  ASSERT_TRUE(rubric.has_value());
  EXPECT_EQ(rubric->criteria[0].cells[0].descriptor.zh_tw, "段落分明🙂");
  EXPECT_TRUE(rubric->criteria[0].id.starts_with('a'));
}

TEST_F(AiHttpClientTest, a_call_without_words_is_given_some) {
  server.add(
      {stream_head(), send(call(new_rubric_json()) + finish("tool_calls") + done()), close()});
  EXPECT_EQ(ask()->text, "這是為您設計的評分表：報告評分規準。");
  request.rubric = domain::to_json(sample_rubric());
  auto changed = sample_rubric();
  changed.criteria[0].cells[1].descriptor.zh_tw = "不同";
  server.add({stream_head(),
              send(call(boost::json::serialize(to_model(changed, Locale::zh_tw))) +
                   finish("tool_calls") + done()),
              close()});
  const auto answered = ask();
  EXPECT_EQ(answered->text, text("updated"));
  EXPECT_EQ(answered->outcome, AiOutcome::edited);
  changed.criteria[0].cells[1].origin = domain::CellOrigin::model;
  EXPECT_EQ(domain::parse_rubric(*answered->rubric), changed);
}

TEST_F(AiHttpClientTest, a_rubric_that_comes_back_unchanged_is_no_new_version) {
  request.rubric = domain::to_json(sample_rubric());
  server.add({stream_head(),
              send(token("看過了。") +
                   call(boost::json::serialize(to_model(sample_rubric(), Locale::zh_tw))) +
                   finish("tool_calls") + done()),
              close()});
  const auto answered = ask();
  ASSERT_TRUE(answered.has_value());
  EXPECT_EQ(answered->rubric, std::nullopt);
  EXPECT_EQ(answered->outcome, AiOutcome::unchanged);
}

TEST_F(AiHttpClientTest, what_is_locked_is_kept_and_that_is_said) {
  auto before = sample_rubric();
  before.criteria[1].cells[0].locked = true;
  request.rubric = domain::to_json(before);
  auto changed = before;
  changed.criteria[1].cells[0].descriptor.zh_tw = "模型的話";
  changed.criteria[1].cells[1].descriptor.zh_tw = "模型的另一句話";
  server.add(
      {stream_head(),
       send(token("改好了。") + call(boost::json::serialize(to_model(changed, Locale::zh_tw))) +
            finish("tool_calls") + done()),
       close()});
  const auto answered = ask();
  ASSERT_TRUE(answered.has_value());
  EXPECT_EQ(answered->text, "改好了。\n\n" + text("kept"));
  const auto rubric = domain::parse_rubric(answered->rubric.value_or(""));
  EXPECT_EQ(rubric->criteria[1].cells[0].descriptor.zh_tw, "老師自己的話");
  EXPECT_EQ(rubric->criteria[1].cells[1].descriptor.zh_tw, "模型的另一句話");
}

TEST_F(AiHttpClientTest, an_endpoint_without_tools_is_asked_for_json_from_then_on) {
  server.add({answer(400, no_tools)});
  server.add(saying(R"({"reply":"需要年級。","action":"ask","rubric":null,)"
                    R"("questions":["幾年級？"],"assumptions":["一節課"]})"));
  const auto answered = ask();
  ASSERT_TRUE(answered.has_value());
  EXPECT_EQ(answered->text, "需要年級。\n\n" + text("assumptions") + "\n\n- 一節課\n\n" +
                                text("questions") + "\n\n- 幾年級？");
  EXPECT_EQ(answered->outcome, AiOutcome::asked);
  EXPECT_EQ(client().dialect().transport, Transport::schema);
  server.add(
      saying(R"({"reply":"好","action":"none","rubric":null,"questions":[],"assumptions":[]})"));
  EXPECT_EQ(ask()->text, "好");
  EXPECT_EQ(server.requests.size(), 3u);
  EXPECT_TRUE(server.requests[2].body.contains("response_format"));
}

TEST_F(AiHttpClientTest, a_reply_in_json_streams_before_the_rest_is_there) {
  options.transport = Transport::schema;
  server.add({stream_head(), send(token(R"({"reply":"好的\u8a)") + token(R"(55","act)")), hang()});
  auto asked = boost::asio::co_spawn(io, asking(), boost::asio::use_future);
  run_until([&] { return delivered == "好的評"; });
  run(server.stop());
  run_until([&] { return is_ready(asked); });
  EXPECT_THROW(asked.get(), ports::AiAway);
}

TEST_F(AiHttpClientTest, json_brings_the_rubric_too) {
  options.transport = Transport::schema;
  server.add(saying(R"({"reply":"好。","action":"replace","rubric":)" + new_rubric_json() +
                    R"(,"questions":[],"assumptions":[]})"));
  const auto answered = ask();
  EXPECT_EQ(answered->text, "好。");
  EXPECT_EQ(answered->outcome, AiOutcome::created);
  EXPECT_TRUE(domain::parse_rubric(answered->rubric.value_or("")));
}

TEST_F(AiHttpClientTest, an_endpoint_that_ignores_the_schema_is_asked_in_prose_from_then_on) {
  server.add({answer(400, no_tools)});
  server.add(saying(fenced(new_rubric_json())));
  const auto answered = ask();
  EXPECT_EQ(answered->text, "好的。");
  EXPECT_EQ(answered->outcome, AiOutcome::created);
  EXPECT_EQ(client().dialect().transport, Transport::prose);
}

TEST_F(AiHttpClientTest, an_endpoint_with_neither_is_asked_in_prose) {
  server.add({answer(400, no_tools)});
  server.add({answer(400, no_schema)});
  server.add(saying(fenced(new_rubric_json())));
  const auto answered = ask();
  EXPECT_EQ(answered->text, "好的。");
  EXPECT_EQ(answered->outcome, AiOutcome::created);
  const auto& body = server.requests.at(2).body;
  EXPECT_FALSE(body.contains("tools"));
  EXPECT_FALSE(body.contains("response_format"));
  EXPECT_NE(body.at("messages").at(0).at("content").as_string().find("```rubric+json"),
            std::string::npos);
}

TEST_F(AiHttpClientTest, a_transport_that_the_operator_chose_is_kept_to) {
  options.transport = Transport::tool;
  server.add({answer(400, no_tools)});
  const auto answered = ask();
  ASSERT_FALSE(answered.has_value());
  EXPECT_EQ(answered.error().reason, "ai_refused");
  EXPECT_EQ(server.requests.size(), 1u);
}

TEST_F(AiHttpClientTest, a_rubric_that_cannot_be_used_is_mended_once) {
  options.transport = Transport::prose;
  options.prices = TokenPrices{.prompt = 1'000, .completion = 10'000};
  server.add({stream_head(),
              send(token(fenced(R"({"title":7})")) + finish() + usage(10, 20) + done()), close()});
  server.add({stream_head(),
              send(token("again " + fenced(new_rubric_json())) + finish() + usage(30, 40) + done()),
              close()});
  const auto answered = ask();
  ASSERT_TRUE(answered.has_value());
  EXPECT_EQ(answered->text, "好的。") << "what is said while mending was said already";
  EXPECT_EQ(answered->outcome, AiOutcome::created);
  EXPECT_EQ(answered->usage->prompt_tokens, 40);
  EXPECT_EQ(answered->usage->completion_tokens, 60);
  EXPECT_DOUBLE_EQ(answered->usage->cost.value_or(0), 0.64);
  const auto& messages = server.requests.at(1).body.at("messages").as_array();
  EXPECT_NE(messages.back().at("content").as_string().find("title must be a string"),
            std::string::npos);
  EXPECT_EQ(messages.at(messages.size() - 2).at("role"), "assistant");
}

TEST_F(AiHttpClientTest, a_rubric_that_stays_broken_changes_nothing_and_that_is_said) {
  const Script broken_repairs[] = {
      saying(fenced("{")), saying("sorry"), {answer(500, "{}")}, {answer(400, "{}")}, {close()}};
  options.transport = Transport::prose;
  for (const auto& repair : broken_repairs) {
    server.add(saying(fenced("{")));
    server.add(repair);
    const auto answered = ask();
    ASSERT_TRUE(answered.has_value());
    EXPECT_EQ(answered->text, "好的。\n\n" + text("not_changed"));
    EXPECT_EQ(answered->outcome, AiOutcome::unchanged);
    EXPECT_EQ(answered->rubric, std::nullopt);
  }
  EXPECT_EQ(server.requests.size(), 10u);
}

TEST_F(AiHttpClientTest, an_answer_that_was_cut_off_is_not_mended) {
  options.transport = Transport::prose;
  server.add(saying("好的。\n\n```rubric+json\n{\"title\":", "length"));
  const auto answered = ask();
  ASSERT_TRUE(answered.has_value());
  EXPECT_EQ(answered->text, "好的。\n\n" + text("cut_off"));
  EXPECT_EQ(server.requests.size(), 1u);
}

TEST_F(AiHttpClientTest, a_reply_without_end_is_stopped_where_it_is_long_enough) {
  options.reply_bytes_max = 100;
  server.add({stream_head(), repeat(token("好好好好好"))});
  const auto answered = ask();
  ASSERT_TRUE(answered.has_value());
  EXPECT_EQ(answered->text.size(), 90u);
  run_until([&] { return server.left == 1; });
}

TEST_F(AiHttpClientTest, an_empty_answer_is_malformed) {
  server.add({stream_head(), send(finish() + done()), close()});
  EXPECT_TRUE(fault<ports::AiMalformed>());
}

TEST_F(AiHttpClientTest, a_question_that_is_too_long_is_not_sent) {
  options.prompt_tokens_max = 2'000;
  request.message = std::string(10'000, 'x');
  const auto answered = ask();
  ASSERT_FALSE(answered.has_value());
  EXPECT_EQ(answered.error().reason, "ai_question_too_long");
  EXPECT_EQ(server.accepted, 0);
}

TEST_F(AiHttpClientTest, every_question_has_markers_of_its_own) {
  request.context = R"({"grade":8})";
  server.add(good());
  server.add(good());
  ask();
  ask();
  const auto system = [&](std::size_t i) {
    return server.requests.at(i).body.at("messages").at(0).at("content").as_string();
  };
  EXPECT_NE(system(0), system(1));
}

TEST_F(AiHttpClientTest, the_cache_key_names_model_and_prompt_version) {
  EXPECT_EQ(client().model().name, "tiny");
  EXPECT_EQ(client().model().prompt_version, prompts(Locale::en).version());
}

}  // namespace
}  // namespace rubricon::ai_http
