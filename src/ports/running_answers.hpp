/// The text so far of each answer being written, for those who join in the middle.
#pragma once

#include <rubricon/base/task.hpp>
#include <rubricon/domain/ai_job.hpp>

#include <string>
#include <vector>

namespace rubricon::ports {

struct RunningAnswer {
  domain::ChatId chat;
  domain::JobId job;
  domain::Seq reply_to;
  int attempt = 0;
  std::string text;  ///< from the beginning, UTF-8
};

/// A cache: it may forget everything at any time. Entries go by themselves 60 s after the last
/// update.
class RunningAnswers {
 public:
  virtual ~RunningAnswers() = default;

  virtual base::Task<void> update(RunningAnswer answer) = 0;
  virtual base::Task<void> remove(domain::JobId job) = 0;
  virtual base::Task<std::vector<RunningAnswer>> of_chat(domain::ChatId chat) = 0;
};

}  // namespace rubricon::ports
