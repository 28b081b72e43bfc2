/// Answers that were given already, for all workers: `ai:<user>:<hash of the question>`.
#pragma once

#include <rubricon/ports/answer_cache.hpp>
#include <rubricon/redis/connection.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::redis {

/// The connection outlives it.
class AnswerEntries final : public ports::AnswerCache {
 public:
  explicit AnswerEntries(Connection& connection) : connection_(connection) {}

  base::Task<std::optional<ports::AiAnswer>> find(ports::AnswerQuestion question,
                                                  base::Deadline deadline) override;
  base::Task<void> keep(ports::AnswerQuestion question, ports::AiAnswer answer,
                        base::Deadline deadline) override;

 private:
  Connection& connection_;
};

/// JSON, and back; nullopt for what `answer_json` did not write.
std::string answer_json(const ports::AiAnswer& answer);
std::optional<ports::AiAnswer> parse_answer_json(std::string_view json);

}  // namespace rubricon::redis
