#include <rubricon/ai_rules/pieces.hpp>
#include <rubricon/ai_rules/rules_client.hpp>
#include <rubricon/domain/text.hpp>

#include <gtest/gtest.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <optional>

namespace rubricon::ai_rules {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class StoppedClock final : public ports::Clock {
 public:
  base::Time now() const override { return {}; }
  base::Instant monotonic() const override { return instant; }
  base::Instant instant{};
};

struct Outcome {
  std::optional<base::Result<ports::AiAnswer>> answer;
  std::exception_ptr fault;
  std::vector<std::string> pieces;
};

Outcome run(RulesPace pace, base::Milliseconds until_deadline, asio::cancellation_signal* signal) {
  asio::io_context context;
  StoppedClock clock;
  RulesClient client(clock, pace);
  Outcome out;
  const auto finish = [&out](std::exception_ptr fault, base::Result<ports::AiAnswer> answer) {
    out.fault = fault;
    if (!fault) out.answer = std::move(answer);
  };
  asio::cancellation_signal unused;
  asio::co_spawn(
      context,
      client.answer(
          {.message = "請為八年級的議論文設計評分規準，5 個等級，總分 100"},
          [&](std::string_view piece) {
            out.pieces.emplace_back(piece);
            if (signal != nullptr) signal->emit(asio::cancellation_type::all);
          },
          base::Deadline::after(clock.monotonic(), until_deadline)),
      asio::bind_cancellation_slot((signal != nullptr ? *signal : unused).slot(), finish));
  context.run();
  return out;
}

TEST(RulesClient, streams_the_whole_answer_in_whole_characters) {
  const auto out = run({.piece_pause = 0ms}, 60s, nullptr);
  ASSERT_TRUE(out.answer && out.answer->has_value());
  std::string text;
  for (const auto& piece : out.pieces) {
    EXPECT_TRUE(domain::is_utf8(piece));
    text += piece;
  }
  EXPECT_EQ(text, (*out.answer)->text);
  EXPECT_GT(out.pieces.size(), 5u);
  EXPECT_EQ((*out.answer)->outcome, ports::AiOutcome::created);
}

TEST(RulesClient, the_loop_goes_on_while_an_answer_is_thought_about) {
  asio::io_context context;
  StoppedClock clock;
  RulesClient client(clock, {.piece_pause = 0ms});
  bool thinking = true;
  std::string hostile;
  for (int i = 0; i < 10'900; ++i) hostile += "規";
  asio::co_spawn(context,
                 client.answer({.message = hostile}, {}, base::Deadline::after(clock.instant, 60s)),
                 [&](std::exception_ptr, base::Result<ports::AiAnswer>) { thinking = false; });
  context.poll_one();  // it is on its way
  int steps = 0;
  for (int i = 0; i < 100; ++i) asio::post(context, [&] { steps += thinking ? 1 : 0; });
  context.run();
  EXPECT_EQ(steps, 100) << "they were done before the answer";
  EXPECT_FALSE(thinking);
}

TEST(RulesClient, refuses_what_it_cannot_think_about_in_time) {
  const auto out = run({.piece_pause = 0ms}, 0ms, nullptr);
  ASSERT_TRUE(out.answer);
  EXPECT_EQ(out.answer->error().code, base::ErrorCode::unavailable);
  EXPECT_TRUE(out.pieces.empty());
}

TEST(RulesClient, pauses_no_longer_than_it_may) {
  const auto before = std::chrono::steady_clock::now();
  const auto out = run({.piece_pause = 5ms, .total_max = 20ms}, 60s, nullptr);
  EXPECT_GE(std::chrono::steady_clock::now() - before, 20ms);
  EXPECT_TRUE(out.answer && out.answer->has_value());
}

TEST(RulesClient, does_not_pause_when_the_deadline_is_near) {
  const auto out = run({.piece_pause = 600s, .total_max = 600s}, 100ms, nullptr);
  EXPECT_TRUE(out.answer && out.answer->has_value());
}

TEST(RulesClient, stops_at_the_next_pause_when_cancelled) {
  asio::cancellation_signal signal;
  const auto out = run({.piece_pause = 1ms, .total_max = 60s}, 600s, &signal);
  EXPECT_TRUE(out.fault);
  EXPECT_EQ(out.pieces.size(), 1u);
}

TEST(Pieces, end_where_a_reader_pauses) {
  using Pieces = std::vector<std::string_view>;
  EXPECT_EQ(pieces_of(""), Pieces{});
  EXPECT_EQ(pieces_of("好。"), Pieces{"好。"});
  EXPECT_EQ(pieces_of("已為您設計八年級議論文評分規準：5 項規準。"),
            (Pieces{"已為您設計八年級議論文評分規準：", "5 項規準。"}));
  EXPECT_EQ(pieces_of("Here is a rubric for you, teacher."),
            (Pieces{"Here is a ", "rubric for ", "you, teacher."}));
  const std::string wide(300, 'x');
  for (const auto piece : pieces_of(wide)) EXPECT_LE(piece.size(), 30u);
}

}  // namespace
}  // namespace rubricon::ai_rules
