#include <rubricon/worker/cached_ai.hpp>

#include <rubricon/base/fault.hpp>

#include <utility>

namespace rubricon::worker {
namespace {

constexpr const char* questions = "rubricon_worker_questions_total";
constexpr const char* questions_help = "Questions to the assistant, by where the answer came from";

}  // namespace

CachedAi::CachedAi(ports::AiClient& ai, ports::AnswerCache& cache, const ports::Clock& clock,
                   observability::Log& log, observability::Metrics& metrics)
    : ai_(ai),
      cache_(cache),
      clock_(clock),
      log_(log),
      known_(metrics.counter(questions, questions_help, {{"answered_by", "cache"}})),
      asked_(metrics.counter(questions, questions_help, {{"answered_by", "assistant"}})) {}

base::Task<base::Result<ports::AiAnswer>> CachedAi::answer(domain::UserId user,
                                                           ports::AiRequest request,
                                                           ports::DeltaHandler on_delta,
                                                           base::Deadline deadline) {
  ports::AnswerQuestion question{.user = user, .model = ai_.model(), .request = request};
  if (auto known = co_await find(question)) {
    known_.add();
    on_delta(known->text);
    co_return std::move(*known);
  }
  asked_.add();
  auto answer = co_await ai_.answer(std::move(request), std::move(on_delta), deadline);
  if (answer) co_await keep(std::move(question), *answer);
  co_return answer;
}

base::Task<std::optional<ports::AiAnswer>> CachedAi::find(ports::AnswerQuestion question) {
  try {
    co_return co_await cache_.find(std::move(question), soon());
  } catch (const base::Unavailable& fault) {
    away(fault);
  }
  co_return std::nullopt;
}

base::Task<void> CachedAi::keep(ports::AnswerQuestion question, ports::AiAnswer answer) {
  try {
    co_await cache_.keep(std::move(question), std::move(answer), soon());
  } catch (const base::Unavailable& fault) {
    away(fault);
  }
}

base::Deadline CachedAi::soon() const {
  return base::Deadline::after(clock_.monotonic(), cache_timeout);
}

void CachedAi::away(const std::exception& fault) {
  log_.repeated(observability::Level::warning, "worker.answer_cache_away",
                {{"error.message", fault.what()}});
}

}  // namespace rubricon::worker
