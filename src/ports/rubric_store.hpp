/// The rubric document of a chat and its versions.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/chat.hpp>

#include <optional>
#include <string>

namespace rubricon::ports {

using domain::RubricRecord;

struct PutRubric {
  domain::UserId user;
  domain::ChatId chat;
  domain::RubricVersion expected;  ///< 0 where there must be none yet
  std::string document;
  std::string trace;
};

/// Whoever is not a member gets not_found; viewers get forbidden on writes.
/// Faults: throws base::Unavailable when the store cannot answer before `deadline`.
class RubricStore {
 public:
  virtual ~RubricStore() = default;

  /// not_found/"rubric_not_found" where the chat has none.
  virtual base::Task<base::Result<RubricRecord>> get(domain::UserId user, domain::ChatId chat,
                                                     base::Deadline deadline) = 0;
  /// Appends a version, with rubric-updated {version, by, userId, at, rubric} in the chat's stream.
  /// precondition_failed where `expected` is not the current version.
  virtual base::Task<base::Result<RubricRecord>> put(PutRubric put, base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
