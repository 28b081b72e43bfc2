/// One request to the model, and its answer read while it is written.
#pragma once

#include <rubricon/ai_http/completion.hpp>
#include <rubricon/ai_http/http_stream.hpp>
#include <rubricon/ai_http/options.hpp>
#include <rubricon/ai_http/turn_reader.hpp>
#include <rubricon/ports/ai_fault.hpp>
#include <rubricon/ports/clock.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::ai_http {

/// An answer with a status that says no, which the same request will get again.
struct Refusal {
  int status = 0;
  std::string body;  ///< its beginning
};

/// Takes visible text, in whole code points, and an empty one at the first token of any kind.
/// False: that is enough, the rest is not wanted.
using ShowText = std::function<bool(std::string_view)>;

/// Used once, by one coroutine. What it is built from outlives it.
class ModelCall {
 public:
  ModelCall(HttpStream& http, const ports::Clock& clock, const Options& options,
            const Dialect& dialect, base::Deadline deadline);

  /// Until the answer is whole; what the server says no to comes back as a Refusal. Cancelling
  /// closes the connection. Faults: throws a ports::AiFault.
  base::Task<std::optional<Refusal>> run(std::string body, ShowText show);

  /// After a run without refusal.
  const TurnReader& turn() const { return turn_; }
  const CompletionReader& completion() const { return completion_; }
  /// The end is missing: the model was given no more room, or `show` had enough.
  bool cut_off() const { return enough_ || completion_.finish_reason() == "length"; }
  /// From the request to the first token; nothing before that.
  std::optional<base::Instant::duration> first_token_after() const { return first_token_after_; }

 private:
  HttpRequest request(std::string body) const;
  /// Looks at what is new. True: the answer is whole.
  bool advance(Transfer& transfer);
  void take(const SseEvent& event);
  void show_text(std::string_view text);
  [[noreturn]] void throw_reported(const StreamError& error) const;
  /// True: the status is that of a refusal, whose body is to be read.
  bool check_head(const HttpHead& head) const;
  bool ended(const Transfer& transfer) const;
  void check_time() const;
  base::Deadline patience() const;
  ports::AiDelivered delivered() const {
    return shown_ ? ports::AiDelivered::some : ports::AiDelivered::nothing;
  }
  base::Task<Refusal> read_refusal(std::shared_ptr<Transfer> transfer);

  HttpStream& http_;
  const ports::Clock& clock_;
  const Options& options_;
  const base::Deadline deadline_;
  const base::Instant begun_;
  ShowText show_;
  SseParser events_;
  CompletionReader completion_;
  TurnReader turn_;
  std::optional<base::Instant::duration> first_token_after_;
  base::Instant last_token_;
  bool shown_ = false;
  bool enough_ = false;
};

/// How long `Retry-After` asks to wait, at most an hour: seconds, or a date held against `now`.
std::optional<base::Milliseconds> retry_pause(const std::string& retry_after, base::Time now);

}  // namespace rubricon::ai_http
