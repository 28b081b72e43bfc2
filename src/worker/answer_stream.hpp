/// Sends the text of one running answer to its chat's room as `ai-delta`, and keeps the text so far
/// for those who join in the middle. Both may be lost without harm: the stored answer replaces
/// them; a cache that is away is logged and nothing else.
#pragma once

#include <rubricon/base/fault.hpp>
#include <rubricon/worker/answer.hpp>
#include <rubricon/worker/delta_stream.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace rubricon::worker {

/// On one shard.
class AnswerStream {
 public:
  AnswerStream(AnswerServices services, domain::AiJob job, AnswerOptions options);

  /// Who writes what follows.
  void written_by(Writer writer);
  /// Takes what the AI wrote; called inside AiClient::answer.
  void append(std::string_view piece);
  /// All that was taken, in whole code points; what a flush has sent is its beginning.
  const std::string& text() const { return text_.text(); }
  const Writer& writer() const { return writer_; }
  /// Sends what is waiting.
  base::Task<void> flush();
  /// Nobody joins in the middle any more: the answer is stored, or given up.
  base::Task<void> forget();
  /// Flushes every `delta_interval` until cancelled.
  base::Task<void> run();

 private:
  base::Task<void> keep(ports::RunningAnswer so_far);
  base::Deadline deadline() const;
  void cache_failed(const base::Unavailable& fault);

  AnswerServices services_;
  domain::AiJob job_;
  AnswerOptions options_;
  DeltaStream text_;
  Writer writer_;
};

}  // namespace rubricon::worker
