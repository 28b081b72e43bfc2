#include <rubricon/sim/scripted_ai.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/base/timer.hpp>

#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace rubricon::sim {
namespace {

using namespace std::chrono_literals;

/// Now and then it takes its time, so that leases run out in the middle of an answer.
constexpr double slow = 0.3;

}  // namespace

base::Task<base::Result<ports::AiAnswer>> ScriptedAi::answer(ports::AiRequest,
                                                             ports::DeltaHandler on_delta,
                                                             base::Deadline) {
  const auto mark = fmt::format("[call {}]", ++calls_);
  ports::AiAnswer answer;
  const auto pieces = dice_.between(1, 5);
  const auto longest = dice_.chance(slow) ? 2'000ms : 150ms;
  base::Timer timer(loop_.executor());
  for (std::int64_t n = 0; n < pieces; ++n) {
    timer.expires_after(dice_.between(10ms, longest));
    co_await timer.async_wait(boost::asio::use_awaitable);
    if (dice_.chance(faults.unavailable)) throw base::Unavailable("the assistant is not there");
    const auto piece = mark + "評分規準。";
    answer.text += piece;
    if (on_delta) on_delta(piece);
  }
  answer.source = "scripted";
  co_return answer;
}

std::vector<std::string> marks_of(std::string_view text) {
  std::vector<std::string> marks;
  for (auto at = text.find("[call "); at != text.npos; at = text.find("[call ", at + 1)) {
    const auto end = text.find(']', at);
    if (end == text.npos) break;
    std::string mark(text.substr(at, end + 1 - at));
    if (std::ranges::find(marks, mark) == marks.end()) marks.push_back(std::move(mark));
  }
  return marks;
}

}  // namespace rubricon::sim
