// tests: stop_watch.cpp
#include <rubricon/worker/answer.hpp>

#include <rubricon/domain/text.hpp>
#include <rubricon/worker/scripted_services_test.hpp>

#include <boost/json/parse.hpp>

namespace rubricon::worker {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

/// An answer that never ends by itself, unless a test says so.
class AnswerStopTest : public ScriptedServices {
 protected:
  AnswerStopTest() {
    jobs.open[job_id(1)] = 0;
    model.pause = 2ms;
  }

  AnswerResult answer() {
    const AnswerServices theirs{jobs, with_model, ephemerals, running, clock, log};
    return run(answer_job(theirs, job_id(1), {.delta_interval = 1ms, .stop_check = 1ms}));
  }
  void stop() { jobs.stopped.insert(job_id(1)); }
  /// As a page that missed nothing shows it.
  std::string shown() const {
    std::string text;
    for (const auto& message : ephemerals.sent) {
      const auto delta = json::parse(message.payload);
      EXPECT_EQ(delta.at("off").to_number<std::size_t>(), domain::utf16_length(text));
      text += delta.at("text").as_string();
    }
    return text;
  }

  ScriptedAi model{"large"};
  Ladder with_model{{model}, ai, cache, clock, log, ai_metrics};
};

TEST_F(AnswerStopTest, what_was_seen_is_stored_and_the_model_is_no_longer_asked) {
  model.pieces = {"評分", "規準\xF0\x9F", "\x99\x82"};
  for (int i = 0; i < 100'000; ++i) model.pieces.emplace_back("再");
  jobs.stop_faults = 2;  // it is asked on
  int written = 0;
  model.after_piece = [&] {
    if (++written == 3) stop();
  };
  EXPECT_EQ(answer(), AnswerResult::stopped);
  EXPECT_EQ(model.ended, 0) << "it was cancelled";
  ASSERT_EQ(jobs.finished.size(), 1u);
  const auto& stored = jobs.finished.front();
  EXPECT_EQ(stored.content, shown());
  EXPECT_TRUE(domain::is_utf8(stored.content));
  EXPECT_TRUE(stored.content.starts_with("評分規準🙂"));
  EXPECT_EQ(stored.ending, ports::AnswerEnding::stopped);
  EXPECT_EQ(
      json::parse(stored.meta),
      (json::value{
          {"source", "large"}, {"degraded", false}, {"outcome", "answered"}, {"stopped", true}}));
  EXPECT_TRUE(running.latest.empty());
}

TEST_F(AnswerStopTest, a_character_that_has_not_come_whole_is_no_part_of_it) {
  for (std::size_t cut = 1; cut < 4; ++cut) {
    jobs.finished.clear();
    jobs.stopped.clear();
    jobs.open[job_id(1)] = 0;
    ephemerals.sent.clear();
    model.pieces = {"好" + std::string("🙂").substr(0, cut)};
    model.pause = 24h;
    model.on_answer = [this] { stop(); };
    EXPECT_EQ(answer(), AnswerResult::stopped);
    ASSERT_EQ(jobs.finished.size(), 1u);
    EXPECT_EQ(jobs.finished.front().content, "好") << cut;
    EXPECT_EQ(shown(), "好") << cut;
  }
}

TEST_F(AnswerStopTest, before_the_first_word_it_is_noted_that_it_was_stopped) {
  model.pieces = {" "};
  model.pause = 24h;
  model.on_answer = [this] { stop(); };
  EXPECT_EQ(answer(), AnswerResult::stopped);
  EXPECT_TRUE(jobs.finished.empty());
  EXPECT_EQ(jobs.failed[job_id(1)], domain::stopped_code);
}

TEST_F(AnswerStopTest, one_that_comes_as_the_answer_is_finished_keeps_the_words_and_no_change) {
  model.pieces = {"全部"};
  model.text = "全部";
  model.choices = {{"檢查", "檢查評分表"}};
  jobs.stopped.clear();
  const AnswerServices theirs{jobs, with_model, ephemerals, running, clock, log};
  model.on_answer = [this] { stop(); };
  EXPECT_EQ(run(answer_job(theirs, job_id(1), {.stop_check = 1h})), AnswerResult::stopped);
  ASSERT_EQ(jobs.finished.size(), 1u);
  EXPECT_EQ(jobs.finished.front().content, "全部");
  EXPECT_EQ(jobs.finished.front().rubric, std::nullopt);
  EXPECT_EQ(json::parse(jobs.finished.front().meta).at("stopped"), true);
}

TEST_F(AnswerStopTest, who_takes_over_from_a_dead_worker_ends_it_with_what_was_seen) {
  stop();
  running.latest[job_id(1)] = {.chat = {}, .job = job_id(1), .reply_to = {}, .text = "一半"};
  running.latest[job_id(2)] = {.chat = {}, .job = job_id(2), .reply_to = {}, .text = "別的"};
  EXPECT_EQ(answer(), AnswerResult::stopped);
  EXPECT_TRUE(model.requests.empty());
  ASSERT_EQ(jobs.finished.size(), 1u);
  EXPECT_EQ(jobs.finished.front().content, "一半");
  EXPECT_FALSE(running.latest.contains(job_id(1)));
}

TEST_F(AnswerStopTest, and_with_a_note_where_nobody_knows_what_was_seen) {
  stop();
  running.away = true;
  EXPECT_EQ(answer(), AnswerResult::stopped);
  EXPECT_EQ(jobs.failed[job_id(1)], domain::stopped_code);
}

TEST_F(AnswerStopTest, a_makeshift_that_is_stopped_says_who_wrote_it) {
  model.unavailable = true;
  ai.pieces = {"規則"};
  ai.pause = 24h;
  ai.on_answer = [this] { stop(); };
  EXPECT_EQ(answer(), AnswerResult::stopped);
  ASSERT_EQ(jobs.finished.size(), 1u);
  const auto meta = json::parse(jobs.finished.front().meta);
  EXPECT_EQ(meta.at("source"), "rules");
  EXPECT_EQ(meta.at("degraded"), true);
}

TEST_F(AnswerStopTest, a_model_that_breaks_off_as_it_is_stopped_leaves_what_was_seen) {
  model.pieces = {"一半"};
  model.unavailable = true;
  model.on_answer = [this] { stop(); };
  const AnswerServices theirs{jobs, with_model, ephemerals, running, clock, log};
  EXPECT_EQ(run(answer_job(theirs, job_id(1), {.stop_check = 1h})), AnswerResult::stopped);
  ASSERT_EQ(jobs.finished.size(), 1u);
  EXPECT_EQ(jobs.finished.front().content, "一半");
  EXPECT_EQ(jobs.releases, 0);
}

TEST_F(AnswerStopTest, an_answer_that_is_not_the_workers_any_more_is_left_alone) {
  jobs.finish_errors = 1;
  jobs.finish_error_reason = "stale_fence";
  model.pieces = {"好"};
  model.pause = 24h;
  model.on_answer = [this] { stop(); };
  EXPECT_EQ(answer(), AnswerResult::stale);
}

}  // namespace
}  // namespace rubricon::worker
