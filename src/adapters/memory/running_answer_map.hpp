/// The text so far of running answers, inside one process.
#pragma once

#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/running_answers.hpp>

#include <map>
#include <unordered_map>

namespace rubricon::memory {

/// Lives on one shard; every operation completes without waiting. `clock` must outlive it. A
/// newcomer beyond `answers_max` is not kept: late joiners then wait for the whole answer.
class RunningAnswerMap final : public ports::RunningAnswers {
 public:
  static constexpr base::Milliseconds ttl{60'000};

  explicit RunningAnswerMap(const ports::Clock& clock, std::size_t answers_max = 4096)
      : clock_(clock), answers_max_(answers_max) {}

  base::Task<void> update(ports::RunningAnswer answer, base::Deadline) override;
  base::Task<void> remove(domain::JobId job, base::Deadline) override;
  base::Task<std::vector<ports::RunningAnswer>> of_chat(domain::ChatId chat,
                                                        base::Deadline) override;

  std::size_t size() const { return answers_.size(); }

 private:
  struct Entry {
    ports::RunningAnswer answer;
    base::Instant gone_at;
  };

  void sweep();
  void erase(domain::JobId job);

  const ports::Clock& clock_;
  std::size_t answers_max_;
  std::unordered_map<domain::JobId, Entry> answers_;
  std::multimap<domain::ChatId, domain::JobId> by_chat_;
  base::Instant swept_{};
};

}  // namespace rubricon::memory
