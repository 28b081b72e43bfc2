/// Answers that were given already, inside one process.
#pragma once

#include <rubricon/ports/answer_cache.hpp>
#include <rubricon/ports/clock.hpp>

#include <cstddef>
#include <string>
#include <unordered_map>

namespace rubricon::memory {

/// Lives on one shard; every operation completes without waiting. `clock` must outlive it. Where it
/// is full of answers that still count, a newcomer takes the place of any of them.
class AnswerMap final : public ports::AnswerCache {
 public:
  explicit AnswerMap(const ports::Clock& clock, std::size_t answers_max = 1'024)
      : clock_(clock), answers_max_(answers_max) {}

  base::Task<std::optional<ports::AiAnswer>> find(ports::AnswerQuestion question,
                                                  base::Deadline) override;
  base::Task<void> keep(ports::AnswerQuestion question, ports::AiAnswer answer,
                        base::Deadline) override;

  std::size_t size() const { return answers_.size(); }

 private:
  struct Entry {
    ports::AiAnswer answer;
    base::Instant gone_at;
  };

  void make_room();

  const ports::Clock& clock_;
  std::size_t answers_max_;
  std::unordered_map<std::string, Entry> answers_;  ///< by canonical text
};

}  // namespace rubricon::memory
