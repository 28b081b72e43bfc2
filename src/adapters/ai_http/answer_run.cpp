#include <rubricon/ai_http/answer_run.hpp>

#include <rubricon/ai_http/prompts.hpp>

#include <fmt/format.h>

#include <utility>

namespace rubricon::ai_http {
namespace {

constexpr int dialects_max = 6;  ///< as many as dialect_after can lead through

bool is_ill(int status) {
  constexpr int request_timeout = 408;
  return status >= 500 || status == request_timeout;
}

double cost_of(const ports::AiUsage& usage, const TokenPrices& prices) {
  constexpr double million = 1e6;
  return (static_cast<double>(usage.prompt_tokens) * prices.prompt +
          static_cast<double>(usage.completion_tokens) * prices.completion) /
         million;
}

}  // namespace

AnswerRun::AnswerRun(AnswerTools tools, ports::AiRequest request, ports::DeltaHandler on_delta,
                     base::Deadline deadline)
    : tools_(tools),
      request_(std::move(request)),
      on_delta_(std::move(on_delta)),
      deadline_(std::min(
          deadline, base::Deadline::after(tools.clock.monotonic(), tools.options.answer_timeout))),
      locale_(language_of(request_)) {
  answer_.source = tools_.options.model;
}

base::Task<base::Result<ports::AiAnswer>> AnswerRun::run() {
  if (const auto read = read_rubric(); !read) co_return std::unexpected(read.error());
  auto call = co_await ask();
  if (!call) co_return std::unexpected(call.error());
  call_ = std::move(*call);
  if (guard_->tripped()) {
    withhold();
  } else {
    co_await take_turn();
  }
  if (answer_.text.empty()) {
    throw ports::AiMalformed("the model's answer is empty", ports::AiDelivered::nothing);
  }
  co_return std::move(answer_);
}

base::Result<void> AnswerRun::read_rubric() {
  if (!request_.rubric) return {};
  auto rubric = domain::parse_rubric(*request_.rubric);
  if (!rubric) return std::unexpected(rubric.error());
  rubric_ = std::move(*rubric);
  return {};
}

base::Task<base::Result<AnswerRun::Call>> AnswerRun::ask() {
  const auto& options = tools_.options;
  const Question question{request_, rubric_, locale_, random_hex(16)};
  guard_.emplace(question.nonce);
  spoken_ = tools_.dialect;
  for (int tried = 1;; ++tried) {
    auto messages = conversation(question, spoken_.transport, options.prompt_tokens_max);
    if (!messages) co_return std::unexpected(messages.error());
    messages_ = std::move(*messages);
    auto call = std::make_unique<ModelCall>(tools_.http, tools_.clock, options, spoken_, deadline_);
    auto body = request_body(options.model, messages_, spoken_, options.answer_tokens_max);
    const auto refusal = co_await call->run(
        std::move(body), [this](std::string_view text) { return show_guarded(text); });
    if (!refusal) {
      count(*call);
      if (const auto rest = guard_->finish(); !rest.empty()) show(rest);
      first_token_after_ = call->first_token_after();
      co_return std::move(call);
    }
    const auto next = dialect_after(spoken_, refusal->status, refusal->body);
    const bool may_change = next && (!options.transport || next->transport == *options.transport);
    if (!may_change || tried == dialects_max) co_return refused(*refusal);
    tools_.log.info("ai_http.dialect", {{"endpoint", options.endpoint.origin()},
                                        {"model", options.model},
                                        {"transport", to_string(next->transport)}});
    if (tools_.dialect == spoken_) tools_.dialect = *next;
    spoken_ = *next;
  }
}

std::unexpected<base::Error> AnswerRun::refused(const Refusal& refusal) const {
  auto why = fmt::format("the model's endpoint answered {}: {}", refusal.status,
                         error_message(refusal.body));
  if (is_ill(refusal.status)) throw ports::AiAway(why, ports::AiDelivered::nothing);
  tools_.log.repeated(observability::Level::error, "ai_http.refused",
                      {{"endpoint", tools_.options.endpoint.origin()},
                       {"model", tools_.options.model},
                       {"error.message", why}});
  return base::fail(base::ErrorCode::unavailable, std::move(why), "ai_refused");
}

base::Task<void> AnswerRun::take_turn() {
  std::optional<std::string> arguments;
  if (call_->completion().called()) arguments = call_->completion().call_arguments();
  auto turn = call_->turn().turn(arguments);
  if (call_->turn().schema_ignored() && !tools_.options.transport &&
      tools_.dialect.transport == Transport::schema) {
    tools_.dialect.transport = Transport::prose;
  }
  answer_.outcome = turn.asks ? ports::AiOutcome::asked : ports::AiOutcome::answered;
  const bool tried = turn.rubric.has_value() || !turn.problem.empty();
  const auto& texts = prompts(locale_);
  if (tried && call_->cut_off()) {
    answer_.outcome = ports::AiOutcome::unchanged;
    say(texts.section("cut_off"));
  } else if (tried) {
    const auto understood =
        co_await understand(turn.rubric.value_or(std::string()), std::move(turn.problem));
    if (understood) {
      conclude(*understood);
    } else {
      answer_.outcome = ports::AiOutcome::unchanged;
      say(texts.section("not_changed"));
    }
  }
  say_what_was_left_unsaid(turn);
}

base::Task<base::Result<RubricTurn>> AnswerRun::understand(std::string written,
                                                           std::string problem) {
  if (problem.empty()) {
    auto applied = apply(written);
    if (applied) co_return applied;
    problem = applied.error().detail;
  }
  base::Result<RubricTurn> repaired = base::fail(base::ErrorCode::unavailable);
  try {
    repaired = co_await repair(std::move(problem));
  } catch (const ports::AiFault& fault) {
    // What was said stays; only the table does not change.
    tools_.log.repeated(observability::Level::warning, "ai_http.not_repaired",
                        {{"error.message", fault.what()}});
  }
  co_return repaired;
}

base::Task<base::Result<RubricTurn>> AnswerRun::repair(std::string error) {
  const auto& options = tools_.options;
  ask_for_repair(messages_, answered(), error, locale_);
  ModelCall call(tools_.http, tools_.clock, options, spoken_, deadline_);
  auto body = request_body(options.model, messages_, spoken_, options.answer_tokens_max);
  // Its reply was shown already.
  const auto refusal = co_await call.run(std::move(body), [](std::string_view) { return true; });
  if (refusal) co_return refused(*refusal);
  count(call);
  std::optional<std::string> arguments;
  if (call.completion().called()) arguments = call.completion().call_arguments();
  const auto turn = call.turn().turn(arguments);
  if (!turn.rubric) {
    co_return base::fail(base::ErrorCode::invalid, turn.problem, "ai_rubric_invalid");
  }
  co_return apply(*turn.rubric);
}

base::Result<RubricTurn> AnswerRun::apply(const std::string& written) const {
  const auto read = parse_model_rubric(written);
  if (!read) return std::unexpected(read.error());
  auto turn = apply_model_rubric(rubric_, *read, locale_, [this] { return "a" + random_hex(6); });
  if (turn && guard_->is_in(domain::to_json(turn->rubric))) {
    return base::fail(base::ErrorCode::invalid, "a text repeats your instructions",
                      "ai_rubric_invalid");
  }
  return turn;
}

std::string AnswerRun::answered() const {
  const auto& completion = call_->completion();
  auto out = call_->turn().content();
  if (completion.called()) out += (out.empty() ? "" : "\n\n") + completion.call_arguments();
  return out;
}

void AnswerRun::count(const ModelCall& call) {
  const auto& tokens = call.completion().tokens();
  if (!tokens) return;
  if (!answer_.usage) answer_.usage.emplace();
  auto& usage = *answer_.usage;
  usage.prompt_tokens += tokens->prompt;
  usage.completion_tokens += tokens->completion;
  if (tools_.options.prices) usage.cost = cost_of(usage, *tools_.options.prices);
}

void AnswerRun::conclude(const RubricTurn& turn) {
  const auto& texts = prompts(locale_);
  const auto& title = shown(turn.rubric.title, turn.rubric.language, locale_);
  if (rubric_ == turn.rubric) {
    answer_.outcome = ports::AiOutcome::unchanged;
  } else {
    answer_.outcome = rubric_ ? ports::AiOutcome::edited : ports::AiOutcome::created;
    answer_.rubric = domain::to_json(turn.rubric);
    answer_.chat_title = title;
    if (answer_.text.empty()) {
      say(rubric_ ? texts.section("updated") : texts.filled("created", "{title}", title));
    }
  }
  if (turn.kept) say(texts.section("kept"));
}

void AnswerRun::say_what_was_left_unsaid(const ModelTurn& turn) {
  const auto list = [&](const char* heading, const std::vector<std::string>& items) {
    std::string text;
    for (const auto& item : items) {
      if (guard_->is_in(item)) continue;
      if (!answer_.text.contains(item)) text += "\n- " + item;
    }
    if (!text.empty()) say(prompts(locale_).section(heading) + "\n" + text);
  };
  list("assumptions", turn.assumptions);
  list("questions", turn.questions);
}

void AnswerRun::say(std::string_view text) {
  show(answer_.text.empty() ? std::string(text) : "\n\n" + std::string(text));
}

/// Also where nothing is to be seen of it yet: a token came.
bool AnswerRun::show_guarded(std::string_view text) {
  const bool room = show(guard_->feed(text));
  return room && !guard_->tripped();
}

/// What the model was led to is not carried out either.
void AnswerRun::withhold() {
  answer_.outcome = ports::AiOutcome::declined;
  tools_.log.repeated(
      observability::Level::warning, "ai_http.canary",
      {{"endpoint", tools_.options.endpoint.origin()}, {"model", tools_.options.model}});
  say(prompts(locale_).section("withheld"));
}

bool AnswerRun::show(std::string_view text) {
  // Our own sentences at the end are short, and have room beside the limit.
  if (call_ == nullptr && answer_.text.size() + text.size() > tools_.options.reply_bytes_max) {
    return false;
  }
  answer_.text += text;
  if (on_delta_) on_delta_(text);
  return true;
}

std::string AnswerRun::random_hex(std::size_t bytes) const {
  std::vector<std::uint8_t> drawn(bytes);
  tools_.random.fill(drawn);
  std::string out;
  for (const auto byte : drawn) out += fmt::format("{:02x}", byte);
  return out;
}

}  // namespace rubricon::ai_http
