#include <rubricon/worker/ladder.hpp>

#include <rubricon/base/fault.hpp>

#include <utility>

namespace rubricon::worker {
namespace {

constexpr const char* questions = "rubricon_worker_questions_total";
constexpr const char* questions_help = "Questions of teachers, by where the answer came from";

}  // namespace

Ladder::Ladder(std::vector<std::reference_wrapper<ports::AiClient>> models, ports::AiClient& rules,
               ports::AnswerCache& cache, const ports::Clock& clock, observability::Log& log,
               observability::Metrics& metrics, GateOptions options)
    : rules_(rules),
      cache_(cache),
      clock_(clock),
      log_(log),
      by_cache_(metrics.counter(questions, questions_help, {{"answered_by", "cache"}})),
      by_model_(metrics.counter(questions, questions_help, {{"answered_by", "model"}})),
      by_other_model_(metrics.counter(questions, questions_help, {{"answered_by", "other_model"}})),
      by_rules_(metrics.counter(questions, questions_help, {{"answered_by", "rules"}})) {
  for (auto& model : models) models_.emplace_back(model.get(), clock, log, metrics, options);
}

base::Task<base::Result<ports::AiAnswer>> Ladder::answer(domain::UserId user,
                                                         ports::AiRequest request,
                                                         ports::DeltaHandler on_delta,
                                                         base::Deadline deadline,
                                                         WriterHandler on_writer) {
  if (!models_.empty() && rules_.must_answer(request)) {
    by_rules_.add();
    if (on_writer) on_writer({});
    co_return co_await rules_.answer(std::move(request), std::move(on_delta), deadline);
  }
  for (auto& model : models_) {
    const bool first = &model == &models_.front();
    ports::AnswerQuestion question{.user = user, .model = model.model(), .request = request};
    if (on_writer) on_writer({.source = question.model.name, .degraded = !first});
    auto known = co_await recall(question, on_delta);
    if (!known) {
      known = co_await model.ask(user, request, on_delta, deadline);
      if (!known) continue;
      (first ? by_model_ : by_other_model_).add();
      co_await keep(std::move(question), *known);
    }
    known->degraded = !first;
    co_return std::move(*known);
  }
  co_return co_await answer_by_rules(user, std::move(request), std::move(on_delta), deadline,
                                     std::move(on_writer));
}

base::Task<base::Result<ports::AiAnswer>> Ladder::answer_by_rules(domain::UserId user,
                                                                  ports::AiRequest request,
                                                                  ports::DeltaHandler on_delta,
                                                                  base::Deadline deadline,
                                                                  WriterHandler on_writer) {
  if (request.again && !models_.empty()) {
    co_return base::fail(base::ErrorCode::unavailable, "every model is away", "ai_unavailable");
  }
  ports::AnswerQuestion question{.user = user, .model = rules_.model(), .request = request};
  if (on_writer) on_writer({.degraded = !models_.empty()});
  if (auto known = co_await recall(question, on_delta)) {
    known->degraded = !models_.empty();
    co_return std::move(*known);
  }
  by_rules_.add();
  auto answer = co_await rules_.answer(std::move(request), std::move(on_delta), deadline);
  if (!answer) co_return answer;
  co_await keep(std::move(question), *answer);
  answer->degraded = !models_.empty();
  co_return answer;
}

Writer Ladder::usual() const {
  return models_.empty() ? Writer{} : Writer{.source = models_.front().model().name};
}

base::Task<std::optional<ports::AiAnswer>> Ladder::recall(ports::AnswerQuestion question,
                                                          ports::DeltaHandler on_delta) {
  if (question.request.again) co_return std::nullopt;
  std::optional<ports::AiAnswer> known;
  try {
    known = co_await cache_.find(std::move(question), soon());
  } catch (const base::Unavailable& fault) {
    away(fault);
  }
  if (!known) co_return std::nullopt;
  by_cache_.add();
  known->usage.reset();  // this time it took nothing
  on_delta(known->text);
  co_return known;
}

base::Task<void> Ladder::keep(ports::AnswerQuestion question, ports::AiAnswer answer) {
  try {
    co_await cache_.keep(std::move(question), std::move(answer), soon());
  } catch (const base::Unavailable& fault) {
    away(fault);
  }
}

base::Deadline Ladder::soon() const {
  return base::Deadline::after(clock_.monotonic(), cache_timeout);
}

void Ladder::away(const std::exception& fault) {
  log_.repeated(observability::Level::warning, "worker.answer_cache_away",
                {{"error.message", fault.what()}});
}

}  // namespace rubricon::worker
