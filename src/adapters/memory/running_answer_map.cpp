#include <rubricon/memory/running_answer_map.hpp>

#include <utility>

namespace rubricon::memory {

base::Task<void> RunningAnswerMap::update(ports::RunningAnswer answer, base::Deadline) {
  sweep();
  const auto job = answer.job;
  const auto gone_at = clock_.monotonic() + ttl;
  if (const auto found = answers_.find(job); found != answers_.end()) {
    // A slower, older attempt must not overwrite the text of its successor.
    if (answer.attempt >= found->second.answer.attempt) {
      found->second = Entry{std::move(answer), gone_at};
    }
  } else if (answers_.size() < answers_max_) {
    by_chat_.emplace(answer.chat, job);
    answers_.emplace(job, Entry{std::move(answer), gone_at});
  }
  co_return;
}

base::Task<void> RunningAnswerMap::remove(domain::JobId job, base::Deadline) {
  erase(job);
  co_return;
}

base::Task<std::vector<ports::RunningAnswer>> RunningAnswerMap::of_chat(domain::ChatId chat,
                                                                        base::Deadline) {
  std::vector<ports::RunningAnswer> running;
  const auto now = clock_.monotonic();
  const auto [first, last] = by_chat_.equal_range(chat);
  for (auto it = first; it != last; ++it) {
    const Entry& entry = answers_.at(it->second);
    if (entry.gone_at > now) running.push_back(entry.answer);
  }
  co_return running;
}

void RunningAnswerMap::sweep() {
  const auto now = clock_.monotonic();
  if (now < swept_ + ttl) return;
  swept_ = now;
  std::vector<domain::JobId> gone;
  for (const auto& [job, entry] : answers_) {
    if (entry.gone_at <= now) gone.push_back(job);
  }
  for (const auto job : gone) erase(job);
}

void RunningAnswerMap::erase(domain::JobId job) {
  const auto found = answers_.find(job);
  if (found == answers_.end()) return;
  const auto [first, last] = by_chat_.equal_range(found->second.answer.chat);
  for (auto it = first; it != last; ++it) {
    if (it->second != job) continue;
    by_chat_.erase(it);
    break;
  }
  answers_.erase(found);
}

}  // namespace rubricon::memory
