/// The text so far of each answer being written, for those who join in the middle.
#pragma once

#include <rubricon/base/deadline.hpp>
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
/// update. Faults: throws base::Unavailable when the cache cannot answer before `deadline`.
class RunningAnswers {
 public:
  virtual ~RunningAnswers() = default;

  virtual base::Task<void> update(RunningAnswer answer, base::Deadline deadline) = 0;
  virtual base::Task<void> remove(domain::JobId job, base::Deadline deadline) = 0;
  virtual base::Task<std::vector<RunningAnswer>> of_chat(domain::ChatId chat,
                                                         base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
