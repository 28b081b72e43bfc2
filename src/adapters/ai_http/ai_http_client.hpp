/// A model behind an OpenAI-compatible endpoint as an AiClient.
#pragma once

#include <rubricon/ai_http/answer_run.hpp>
#include <rubricon/observability/metrics.hpp>

namespace rubricon::ai_http {

/// One endpoint with one model, on one shard. What it is built from outlives it; several share an
/// HttpStream.
class AiHttpClient final : public ports::AiClient {
 public:
  struct Tools {
    HttpStream& http;
    const ports::Clock& clock;
    ports::Random& random;
    observability::Log& log;
    observability::Metrics& metrics;
  };

  AiHttpClient(Options options, const Tools& tools);

  ports::AiModel model() const override;
  /// Nothing is sent again once something was delivered, and faults are not tried again at all:
  /// that is for whoever has several endpoints. Cancelling closes the connection. Errors:
  /// "ai_refused" (the endpoint says no to the request, its key or its model),
  /// "ai_question_too_long". Faults: ports::AiThrottled, ports::AiAway, ports::AiMalformed.
  base::Task<base::Result<ports::AiAnswer>> answer(ports::AiRequest request,
                                                   ports::DeltaHandler on_delta,
                                                   base::Deadline deadline) override;

  /// What the endpoint was found to understand.
  const Dialect& dialect() const { return dialect_; }

 private:
  void count(const char* outcome);

  const Options options_;
  Tools tools_;
  Dialect dialect_;
  observability::Histogram& first_token_;
};

}  // namespace rubricon::ai_http
