#include <rubricon/ai_rules/rules_client.hpp>

#include <rubricon/ai_rules/assistant.hpp>
#include <rubricon/ai_rules/pieces.hpp>
#include <rubricon/base/timer.hpp>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace rubricon::ai_rules {

namespace asio = boost::asio;

RulesClient::RulesClient(const ports::Clock& clock, RulesPace pace, std::size_t queue_max)
    : clock_(clock),
      pace_(pace),
      assistant_(std::make_unique<const Assistant>()),
      thinking_(1, queue_max) {}

RulesClient::~RulesClient() = default;

ports::AiModel RulesClient::model() const {
  return {.name = "rules", .prompt_version = RUBRICON_VERSION};
}

bool RulesClient::must_answer(const ports::AiRequest& request) const {
  return request.rubric && assistant_->goes_back_or_forth(request.message);
}

base::Task<base::Result<ports::AiAnswer>> RulesClient::answer(ports::AiRequest request,
                                                              ports::DeltaHandler on_delta,
                                                              base::Deadline deadline) {
  auto think = [this, request = std::move(request), deadline]() -> std::optional<ports::AiAnswer> {
    if (deadline.reached(clock_.monotonic())) return std::nullopt;
    return assistant_->respond(request);
  };
  auto thought = co_await thinking_.run(std::move(think));
  if (!thought || !*thought) {
    co_return base::fail(base::ErrorCode::unavailable, "too many answers at once", "rules_busy");
  }
  ports::AiAnswer answer = std::move(**thought);
  base::Timer timer(co_await asio::this_coro::executor);
  auto left = pace_.total_max;
  for (const auto piece : pieces_of(answer.text)) {
    const bool hurried = deadline.remaining(clock_.monotonic()) < pace_.total_max;
    const auto pause = hurried ? base::Milliseconds(0) : std::min(pace_.piece_pause, left);
    if (pause.count() > 0) {
      timer.expires_after(pause);
      co_await timer.async_wait(asio::use_awaitable);
      left -= pause;
    }
    if (on_delta) on_delta(piece);
  }
  co_return answer;
}

}  // namespace rubricon::ai_rules
