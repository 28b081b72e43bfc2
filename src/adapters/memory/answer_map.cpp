#include <rubricon/memory/answer_map.hpp>

#include <utility>

namespace rubricon::memory {

base::Task<std::optional<ports::AiAnswer>> AnswerMap::find(ports::AnswerQuestion question,
                                                           base::Deadline) {
  const auto found = answers_.find(ports::canonical_text(question));
  if (found == answers_.end() || found->second.gone_at <= clock_.monotonic()) {
    co_return std::nullopt;
  }
  co_return found->second.answer;
}

base::Task<void> AnswerMap::keep(ports::AnswerQuestion question, ports::AiAnswer answer,
                                 base::Deadline) {
  make_room();
  answers_.insert_or_assign(ports::canonical_text(question),
                            Entry{std::move(answer), clock_.monotonic() + kept});
  co_return;
}

void AnswerMap::make_room() {
  if (answers_.size() < answers_max_) return;
  const auto now = clock_.monotonic();
  std::erase_if(answers_, [now](const auto& entry) { return entry.second.gone_at <= now; });
  if (answers_.size() >= answers_max_) answers_.erase(answers_.begin());
}

}  // namespace rubricon::memory
