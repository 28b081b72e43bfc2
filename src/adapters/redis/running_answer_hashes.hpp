/// The text so far of running answers, for all gateways: a hash an answer, `answer:<job>`, and the
/// answers of a chat by the time at which they are gone, `chat:<id>:answers`.
#pragma once

#include <rubricon/ports/running_answers.hpp>
#include <rubricon/redis/script.hpp>

namespace rubricon::redis {

/// The connection outlives it. A newcomer beyond `answers_max` of one chat is not kept.
class RunningAnswerHashes final : public ports::RunningAnswers {
 public:
  static constexpr base::Milliseconds ttl{60'000};
  static constexpr std::size_t answers_max = 64;

  explicit RunningAnswerHashes(Connection& connection);

  base::Task<void> update(ports::RunningAnswer answer, base::Deadline deadline) override;
  base::Task<void> remove(domain::JobId job, base::Deadline deadline) override;
  base::Task<std::vector<ports::RunningAnswer>> of_chat(domain::ChatId chat,
                                                        base::Deadline deadline) override;

 private:
  Connection& connection_;
  Script update_;
  Script of_chat_;
};

}  // namespace rubricon::redis
