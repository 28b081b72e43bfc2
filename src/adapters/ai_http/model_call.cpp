#include <rubricon/ai_http/model_call.hpp>

#include <rubricon/ai_http/without_key.hpp>

#include <curl/curl.h>
#include <fmt/format.h>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace rubricon::ai_http {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t refusal_bytes_max = 16 * 1024;
constexpr base::Milliseconds retry_pause_max{3'600'000};
constexpr int throttled = 429;

}  // namespace

ModelCall::ModelCall(HttpStream& http, const ports::Clock& clock, const Options& options,
                     const Dialect& dialect, base::Deadline deadline)
    : http_(http),
      clock_(clock),
      options_(options),
      deadline_(deadline),
      begun_(clock.monotonic()),
      turn_(dialect.transport),
      last_token_(begun_) {}

base::Task<std::optional<Refusal>> ModelCall::run(std::string body, ShowText show) {
  show_ = std::move(show);
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto transfer = http_.post(request(std::move(body)), executor);
  if (!transfer) {
    throw ports::AiAway("too many questions to the model at once", ports::AiDelivered::nothing);
  }
  const TransferLease lease(transfer);
  bool head_seen = false;
  for (;;) {
    co_await Transfer::more(transfer, std::min(patience(), deadline_));
    if (transfer->head() && !std::exchange(head_seen, true) && check_head(*transfer->head())) {
      co_return co_await read_refusal(transfer);
    }
    if (advance(*transfer)) co_return std::nullopt;
  }
}

HttpRequest ModelCall::request(std::string body) const {
  HttpRequest out{.url = options_.endpoint.url(),
                  .encryption = options_.endpoint.encryption,
                  .local = options_.local,
                  .headers = {"Content-Type: application/json", "Accept: text/event-stream"},
                  .body = std::move(body),
                  .ca_file = options_.ca_file,
                  .connect_timeout = options_.connect_timeout,
                  .response_bytes_max = options_.response_bytes_max};
  if (!options_.key.empty()) out.headers.push_back("Authorization: Bearer " + options_.key);
  // Only for when nobody looks: the deadline is ours, and says what was missed.
  out.total_timeout = std::chrono::ceil<base::Milliseconds>(deadline_.remaining(begun_)) + 1s;
  return out;
}

bool ModelCall::check_head(const HttpHead& head) const {
  const auto said = fmt::format("the model's endpoint answered {}", head.status);
  if (head.status == throttled) {
    throw ports::AiThrottled(said, retry_pause(head.retry_after, clock_.now()));
  }
  if (head.status != 200) return true;
  if (head.content_type != "text/event-stream") {
    throw ports::AiMalformed("what the model's endpoint sends is no event stream",
                             ports::AiDelivered::nothing);
  }
  return false;
}

bool ModelCall::advance(Transfer& transfer) {
  std::vector<SseEvent> events;
  const bool readable = events_.feed(transfer.take_bytes(), events);
  for (const auto& event : events) {
    take(event);
    if (enough_) return true;
  }
  if (!readable) {
    throw ports::AiMalformed("the model's endpoint sends a line that is too long", delivered());
  }
  if (!events_.done() && !ended(transfer)) return false;
  show_text(turn_.finish());
  return true;
}

void ModelCall::take(const SseEvent& event) {
  const auto delta = completion_.take(event);
  if (!delta) throw_reported(delta.error());
  if (delta->token) {
    last_token_ = clock_.monotonic();
    if (!first_token_after_) {
      first_token_after_ = last_token_ - begun_;
      show_({});
    }
  }
  show_text(turn_.feed(delta->text));
}

void ModelCall::show_text(std::string_view text) {
  if (text.empty() || enough_) return;
  shown_ = true;
  enough_ = !show_(text);
}

void ModelCall::throw_reported(const StreamError& error) const {
  if (error.kind == StreamError::Kind::malformed) {
    throw ports::AiMalformed("the model's endpoint sends " + error.message, delivered());
  }
  const auto why = without_key("the model's endpoint reports: " + error.message, options_.key);
  if (error.code == throttled) throw ports::AiThrottled(why, std::nullopt, delivered());
  throw ports::AiAway(why, delivered());
}

bool ModelCall::ended(const Transfer& transfer) const {
  const bool finished = !completion_.finish_reason().empty();
  if (!transfer.end()) {
    const auto tail = last_token_ + options_.tail_timeout;
    if (finished && clock_.monotonic() >= tail) return true;
    check_time();
    return false;
  }
  if (finished) return true;
  switch (*transfer.end()) {
    case TransferEnd::too_large:
      throw ports::AiMalformed("what the model's endpoint sends is too long", delivered());
    case TransferEnd::forbidden:
    case TransferEnd::broken:
      throw ports::AiAway("the model's endpoint: " + transfer.why(), delivered());
    case TransferEnd::whole: break;
  }
  throw ports::AiAway("the model's answer was cut off", delivered());
}

void ModelCall::check_time() const {
  const auto now = clock_.monotonic();
  if (deadline_.reached(now)) {
    throw ports::AiAway("the model's answer took too long", delivered());
  }
  if (!patience().reached(now)) return;
  throw ports::AiAway(first_token_after_ ? "the model stopped in the middle of its answer"
                                         : "the model did not begin to answer",
                      delivered());
}

base::Deadline ModelCall::patience() const {
  if (!completion_.finish_reason().empty()) {
    return base::Deadline::after(last_token_, options_.tail_timeout);
  }
  return first_token_after_ ? base::Deadline::after(last_token_, options_.token_timeout)
                            : base::Deadline::after(begun_, options_.first_token_timeout);
}

base::Task<Refusal> ModelCall::read_refusal(std::shared_ptr<Transfer> transfer) {
  Refusal out{.status = transfer->head()->status};
  const auto until = std::min(patience(), deadline_);
  while (out.body.size() < refusal_bytes_max && !until.reached(clock_.monotonic())) {
    out.body += transfer->take_bytes();
    if (transfer->end()) break;
    co_await Transfer::more(transfer, until);
  }
  out.body = without_key(out.body, options_.key);
  out.body.resize(std::min(out.body.size(), refusal_bytes_max));
  co_return out;
}

std::optional<base::Milliseconds> retry_pause(const std::string& retry_after, base::Time now) {
  if (retry_after.empty()) return std::nullopt;
  if (std::ranges::all_of(retry_after, [](char c) { return c >= '0' && c <= '9'; })) {
    std::int64_t seconds = 0;
    const auto* const end = retry_after.data() + retry_after.size();
    const auto [stop, error] = std::from_chars(retry_after.data(), end, seconds);
    const bool too_long = error != std::errc() || seconds > retry_pause_max / 1s;
    return too_long ? retry_pause_max : base::Milliseconds(std::chrono::seconds(seconds));
  }
  const auto date = curl_getdate(retry_after.c_str(), nullptr);
  if (date < 0) return std::nullopt;
  const base::Milliseconds pause = base::time_from_unix_ms(std::int64_t{date} * 1'000) - now;
  return std::clamp(pause, base::Milliseconds(0), retry_pause_max);
}

}  // namespace rubricon::ai_http
